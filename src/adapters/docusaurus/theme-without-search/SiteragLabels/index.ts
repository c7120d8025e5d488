export { default } from "../../theme/SiteragLabels/index.ts";
