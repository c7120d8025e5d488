/** Part of the key of every built page. Raise it whenever an unchanged page may give other facts. */
export const HTML_READING_VERSION: number = 2;

/** Why built pages are left out of the index. */
export const LEFT_OUT = [
  "redirect",
  "noindex",
  "not found",
  "fallback copy",
  "no content",
  "search page",
  "index page",
] as const;

export type LeftOut = (typeof LEFT_OUT)[number];
