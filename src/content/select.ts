interface Candidate {
  readonly id: string;
  readonly frontmatter: Readonly<Record<string, unknown>>;
}

/** Frontmatter that keeps a page out of the index, by the value that does so. */
const LEFT_OUT_WHEN: Readonly<Record<string, boolean>> = {
  draft: true,
  unlisted: true,
  rag: false,
  published: false,
  permalink: false,
};

/** Quoted words, and YAML 1.1's, which YAML 1.2 reads as text. */
const WORDS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["no", false],
  ["off", false],
]);

/**
 * Whether a page goes into the index: not a draft, unlisted, unpublished or marked `rag: false`,
 * and no part of its path begins with `_` (partials, as in Docusaurus).
 */
export function isSelected(page: Candidate): boolean {
  const isPartial = page.id.split("/").some((segment) => segment.startsWith("_"));
  const isLeftOut = Object.entries(LEFT_OUT_WHEN).some(
    ([key, value]) =>
      Object.hasOwn(page.frontmatter, key) && asBoolean(page.frontmatter[key]) === value,
  );
  return !isPartial && !isLeftOut;
}

function asBoolean(value: unknown): unknown {
  return typeof value === "string" ? WORDS.get(value.trim().toLowerCase()) : value;
}
