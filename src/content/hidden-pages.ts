import type { Page } from "../words/types.ts";
import { ERROR_PAGE } from "./error-page.ts";
import type { SplitSource } from "./frontmatter.ts";

/** Frontmatter keys that keep a page out of the index, with the value that does so. */
const EXCLUDED_WHEN: Readonly<Record<string, boolean>> = {
  draft: true,
  unlisted: true,
  rag: false,
  published: false,
  permalink: false,
  search: false,
};

export const hidingKeys: readonly string[] = Object.keys(EXCLUDED_WHEN);

/** Quoted booleans and those of YAML 1.1: YAML 1.2 reads both as text. */
const WORDS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["no", false],
  ["off", false],
]);

/** Whether frontmatter keeps a text out of the index; where it is broken, a line of it may do so. */
export const isHidden = ({ data, unread }: Pick<SplitSource, "data" | "unread">): boolean =>
  isExcluded(data) || mayHide(unread);

/** One of these keys, behind any sign that may stand before a key, and the first word of its value. */
const HIDING_LINE = new RegExp(
  String.raw`(?<=(?:^|[{(,;.:=&]|\b(?:const|let|var)\b)[\s"'?[-]*)` +
    String.raw`(${hidingKeys.join("|")})["'\]\s]*[:=]\s*["']?(\w*)`,
  "gm",
);

/** Whether a line hides the page, at any depth. `draft` and `unlisted` do so unless they are false. */
export function mayHide(unread: string): boolean {
  return Array.from(unread.matchAll(HIDING_LINE)).some(([, key = "", word]) =>
    EXCLUDED_WHEN[key] === true ? asBoolean(word) !== false : asBoolean(word) === false,
  );
}

/**
 * Whether a page goes into the index: it is no draft, not unlisted, unpublished or marked
 * `rag: false`, no part of its path begins with `_` (partials, as in Docusaurus), and it is not shown
 * at wrong addresses.
 */
export function isSelected({ id, frontmatter }: Pick<Page, "id" | "frontmatter">): boolean {
  const isPartial = id.split("/").some((segment) => segment.startsWith("_"));
  return !isPartial && !ERROR_PAGE.test(id) && !isExcluded(frontmatter);
}

const isExcluded = (frontmatter: Page["frontmatter"]): boolean =>
  isNoIndex(frontmatter) ||
  Object.entries(EXCLUDED_WHEN).some(
    ([key, value]) => Object.hasOwn(frontmatter, key) && asBoolean(frontmatter[key]) === value,
  );

/** Whether a page tells all search engines to leave it out, as Starlight and VitePress write it. */
const isNoIndex = ({ head }: Page["frontmatter"]): boolean =>
  Array.isArray(head) &&
  head.some(
    (tag) => /"robots"/.test(JSON.stringify(tag)) && /\bnoindex\b/.test(JSON.stringify(tag)),
  );

function asBoolean(value: unknown): unknown {
  return typeof value === "string" ? WORDS.get(value.trim().toLowerCase()) : value;
}
