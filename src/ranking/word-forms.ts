/** Regular English endings and what replaces them in the stem; the first match counts. */
const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/(?<=[a-z]{3})ies$/u, "y"],
  [/(?<=[a-z]{3})(?:ing|ed|es)$/u, ""],
  [/(?<=[a-z]{2}[^s])s$/u, ""],
  [/(?<=[a-z]{3})e$/u, ""],
];
const DOUBLED = /([bdgmnprt])\1$/u;

/** The stem that regular forms of an English word share: `cach` for `cache`, `caches`, `cached`. */
export function stemOf(word: string): string {
  const ending = ENDINGS.find(([pattern]) => pattern.test(word));
  return ending === undefined ? word : word.replace(ending[0], ending[1]).replace(DOUBLED, "$1");
}

/** Other regular forms of a lower-case English word of four letters or more; else none. */
export function otherForms(word: string): string[] {
  if (!/^[a-z]{4,}$/u.test(word)) return [];
  const stem = stemOf(word);
  const last = stem.at(-1) ?? "";
  const stems = [stem, `${stem}e`, ...(DOUBLED.test(stem + last) ? [stem + last] : [])];
  const forms = stems.flatMap((one) => ["", "s", "es", "d", "ed", "ing"].map((end) => one + end));
  if (stem.endsWith("y")) forms.push(`${stem.slice(0, -1)}ies`);
  return [...new Set(forms)].filter((form) => form !== word && stemOf(form) === stem);
}
