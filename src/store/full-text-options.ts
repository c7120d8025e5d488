/**
 * No stemming, because it breaks fuzzy search and umlauts. `icu`, because Chinese, Japanese and Thai
 * have no spaces. `split`, because `foo_bar.baz` would stay one word otherwise. Positions, because such
 * a name is found as the phrase of its parts.
 */
export const fullTextOptions = {
  baseTokenizer: "icu/split",
  stem: false,
  removeStopWords: false,
  asciiFolding: true,
  withPosition: true,
} as const;
