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

/**
 * Contractions as hurried people type them, and the commonest small words of French, Spanish, Portuguese,
 * Italian and German that mean nothing in English: no `die`, `mit` or `em`.
 */
const MORE_COMMON_WORDS: ReadonlySet<string> = new Set(
  (
    "dont doesnt didnt isnt arent wasnt werent hasnt havent cant couldnt wont wouldnt shouldnt im ive " +
    "whats wheres hows thats le la les une des du de et est que qui dans pour sur avec au aux ce cette " +
    "el los las una y para lo gli il e di da nel nella della che der das und ist ein eine zu auf von " +
    "den dem nicht wie uma"
  ).split(" "),
);

/** Whether a lower-case English word says nothing about the topic. */
export const isCommonWord = (word: string): boolean => COMMON_WORDS.has(word);

/** Whether a term of a question says nothing about its topic. */
export const isStopWord = (term: string): boolean =>
  COMMON_WORDS.has(term) || MORE_COMMON_WORDS.has(term);

/** All terms that say nothing, for engines to compare with. */
export const stopWords = (): string[] => [...COMMON_WORDS, ...MORE_COMMON_WORDS];

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
