export { default } from "../../theme/SiteragRelated/index.ts";
