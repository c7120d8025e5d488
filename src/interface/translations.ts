import { ENGLISH, type SearchLabels } from "./labels.ts";
import { EAST_ASIAN } from "./translations/east-asian.ts";
import { GERMANIC } from "./translations/germanic.ts";
import { OTHER } from "./translations/other.ts";
import { ROMANCE } from "./translations/romance.ts";
import { SLAVIC } from "./translations/slavic.ts";

/** Labels by language. A page gets those of its own language alone, with the attribute `labels`. */
export const TRANSLATIONS: Readonly<Record<string, SearchLabels>> = {
  en: ENGLISH,
  ...GERMANIC,
  ...ROMANCE,
  ...SLAVIC,
  ...EAST_ASIAN,
  ...OTHER,
};

/** What hosts call a language that the table calls otherwise. */
const ALIASES: Readonly<Record<string, string>> = {
  iw: "he",
  in: "id",
  nn: "nb",
  no: "nb",
  "zh-hant": "zh-TW",
  "zh-hk": "zh-TW",
  "zh-mo": "zh-TW",
  "zh-tw": "zh-TW",
};

/** The labels of a language such as `pt-BR`; English for one that has none. */
export function labelsOf(language: string): SearchLabels {
  const tag = language.toLowerCase().replaceAll("_", "-");
  const parts = tag.split("-");
  // The longest beginning that is known: `zh-Hant-HK` is `zh-Hant`.
  for (let length = parts.length; length > 0; length -= 1) {
    const beginning = parts.slice(0, length).join("-");
    const labels = TRANSLATIONS[ALIASES[beginning] ?? beginning];
    if (labels !== undefined) return labels;
  }
  return ENGLISH;
}
