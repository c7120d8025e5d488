interface Candidate {
  readonly id: string;
  readonly frontmatter: Readonly<Record<string, unknown>>;
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
export function isSelected(page: Candidate): boolean {
  const isPartial = page.id.split("/").some((segment) => segment.startsWith("_"));
  const isExcluded = Object.entries(EXCLUDED_WHEN).some(
    ([key, value]) =>
      Object.hasOwn(page.frontmatter, key) && asBoolean(page.frontmatter[key]) === value,
  );
  return !isPartial && !isExcluded;
}

function asBoolean(value: unknown): unknown {
  return typeof value === "string" ? WORDS.get(value.trim().toLowerCase()) : value;
}
