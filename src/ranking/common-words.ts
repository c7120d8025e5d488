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
