import { hash } from "node:crypto";
import { join } from "node:path";

/** The file with the links of a page, which Docusaurus calls `source`: `@site/docs/install.md`. */
export const relatedFile = (folder: string, source: string): string =>
  join(folder, `${hash("sha256", source).slice(0, 16)}.json`);
