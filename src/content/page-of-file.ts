import { createHash } from "node:crypto";
import type { Page, SluggerName } from "../words/types.ts";
import { decodeText } from "./decode.ts";
import { scanFrontmatter, splitFrontmatter, textValue } from "./frontmatter.ts";
import type { ContentFiles } from "./discover.ts";
import { pageUrl, type UrlRules } from "./page-url.ts";

/** How a site's files become pages. */
export interface ContentOptions extends ContentFiles, UrlRules {
  /** How the host makes ids of headings. */
  readonly slugger: SluggerName;
}

/** A page and what was repaired while reading it: one sentence each, with the file. */
export interface PageOfFile {
  readonly page: Page;
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
  if (source.problem === null) return { page, warnings: decoded.warnings };
  const warning = `${id}: ${source.problem} The page was read without its frontmatter; correct that line.`;
  return { page, warnings: [...decoded.warnings, warning] };
}

/** Frontmatter keys that keep a page out of the index, with the value that does so. */
const EXCLUDED_WHEN: Readonly<Record<string, boolean>> = {
  draft: true,
  unlisted: true,
  rag: false,
  published: false,
  permalink: false,
};

/** Quoted booleans and those of YAML 1.1: YAML 1.2 reads both as text. */
const WORDS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["no", false],
  ["off", false],
]);

/**
 * Whether a page goes into the index: it is no draft, not unlisted, unpublished or marked
 * `rag: false`, and no part of its path begins with `_` (partials, as in Docusaurus).
 */
export function isSelected({ id, frontmatter }: Pick<Page, "id" | "frontmatter">): boolean {
  const isPartial = id.split("/").some((segment) => segment.startsWith("_"));
  const isExcluded = Object.entries(EXCLUDED_WHEN).some(
    ([key, value]) => Object.hasOwn(frontmatter, key) && asBoolean(frontmatter[key]) === value,
  );
  return !isPartial && !isExcluded;
}

function asBoolean(value: unknown): unknown {
  return typeof value === "string" ? WORDS.get(value.trim().toLowerCase()) : value;
}
