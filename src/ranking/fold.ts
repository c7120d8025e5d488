/**
 * Accents and vowel points that people leave out: the general combining marks, and those of Hebrew and
 * Arabic. Not all of `\p{M}`: the vowels of Thai and of Indian scripts are letters to their readers.
 */
const ACCENTS = /[\u0300-\u036F\u0591-\u05C7\u0610-\u061A\u064B-\u065F\u0670]/gu;

/** Letters that Unicode does not take apart, as people type them. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
  ς: "σ",
};
const LETTER = /[ßæœøłđðþıς]/gu;

/**
 * The form in which words are compared: lower case, no accents, NFC. It uses no locale, so that each
 * engine gives the same. The length may differ from that of the text.
 */
export function foldWord(text: string): string {
  const lower = text.toLowerCase();
  if (/^[ -~]*$/u.test(lower)) return lower;
  const bare = lower.normalize("NFKD").replaceAll(ACCENTS, "").normalize("NFC");
  return bare.toLowerCase().replaceAll(LETTER, (letter) => LETTERS[letter] ?? letter);
}
