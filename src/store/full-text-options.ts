/**
 * Unstemmed, because stemming breaks fuzzy search and umlauts; `icu`, because Chinese, Japanese and
 * Thai have no spaces; `split`, because it leaves `foo_bar.baz` whole otherwise; positions, because
 * such a name is found as the phrase of its parts.
 */
export const fullTextOptions = {
  baseTokenizer: "icu/split",
  stem: false,
  removeStopWords: false,
  asciiFolding: true,
  withPosition: true,
} as const;
