import { createHash } from "node:crypto";
import type { Page } from "../words/types.ts";
import type { ContentOptions } from "./content-options.ts";
import { decodeText } from "./decode.ts";
import { scanFrontmatter, splitFrontmatter, textValue } from "./frontmatter.ts";
import { pageUrl } from "./page-url.ts";
import { isSelected } from "./select.ts";

/** A page and what was repaired while reading it. */
export interface PageOfFile {
  readonly page: Page;
  /** One sentence each, with the file. */
  readonly warnings: readonly string[];
}

/**
 * Makes a page from a file's bytes; null, without warnings, if the page does not belong in the
 * index. Pure.
 *
 * @param id Source path relative to the content root, with forward slashes.
 */
export function pageOfFile(
  id: string,
  bytes: Uint8Array,
  content: ContentOptions,
): PageOfFile | null {
  const decoded = decodeText(bytes, id);
  const source = splitFrontmatter(decoded.text);
  const frontmatter = source.problem === null ? source.data : scanFrontmatter(decoded.text);
  if (!isSelected({ id, frontmatter })) return null;
  const page: Page = {
    id,
    url: pageUrl(id, source.data, content),
    title: textValue(source.data["title"]),
    body: source.body,
    bodyLine: source.bodyLine,
    format: id.toLowerCase().endsWith(".mdx") ? "mdx" : "md",
    frontmatter: source.data,
    locale: textValue(source.data["locale"]) ?? textValue(source.data["lang"]),
    version: textValue(source.data["version"]),
    slugger: content.slugger,
    contentHash: createHash("sha256").update(bytes).digest("hex"),
  };
  return { page, warnings: [...decoded.warnings, ...problemWarnings(id, source.problem)] };
}

function problemWarnings(id: string, problem: string | null): string[] {
  return problem === null
    ? []
    : [`${id}: ${problem} The page was read without its frontmatter; correct that line.`];
}
