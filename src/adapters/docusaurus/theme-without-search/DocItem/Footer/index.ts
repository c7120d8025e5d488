export { default } from "../../../theme/DocItem/Footer/index.ts";
