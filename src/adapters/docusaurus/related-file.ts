import { hash } from "node:crypto";
import { join } from "node:path";
import { nameOf } from "../page-name.ts";

/** The file with the links of a page, by its address: with or without a slash at its end. */
export const relatedFile = (folder: string, url: string): string =>
  join(folder, `${hash("sha256", nameOf(url)).slice(0, 16)}.json`);
