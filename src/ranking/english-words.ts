/**
 * English words that say nothing about the topic of a question: articles, pronouns, auxiliaries,
 * prepositions and question words. Short on purpose: "not", "all" or "before" can matter.
 */
const COMMON_WORDS: ReadonlySet<string> = new Set(
  (
    "a an the this that these those it its i me my we our you your they their he she there here " +
    "is are was were be been being am do does did done has have had can could may might must shall " +
    "should will would to of in on at by for from with into as about and or but if so than then " +
    "what which who whom whose when where why how s t don doesn isn"
  ).split(" "),
);

/** Whether a lower-case word says nothing about the topic. */
export const isCommonWord = (word: string): boolean => COMMON_WORDS.has(word);

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
