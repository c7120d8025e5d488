import { existsSync, readFileSync } from "node:fs";
import { isRecord } from "../../words/is-record.ts";
import { relatedFile } from "./related-file.ts";

/** The part of a loader's context that webpack and Rspack both have. */
interface LoaderContext {
  getOptions(): { readonly folder: string };
  addDependency(file: string): void;
  addMissingDependency(file: string): void;
}

/**
 * A loader for the JSON that Docusaurus writes about a page: adds the links to the pages near it, as `siterag`.
 * So a page gets its own links with all else that it needs, and no other page's.
 */
export default function addRelated(this: LoaderContext, text: string): string {
  const metadata: unknown = JSON.parse(text);
  if (!isRecord(metadata) || typeof metadata["permalink"] !== "string") return text;
  const file = relatedFile(this.getOptions().folder, metadata["permalink"]);
  if (!existsSync(file)) {
    this.addMissingDependency(file);
    return text;
  }
  this.addDependency(file);
  const related: unknown = JSON.parse(readFileSync(file, "utf8"));
  return JSON.stringify({ ...metadata, siterag: related });
}
