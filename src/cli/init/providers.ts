/** What each provider costs: of Gemini for 150 passages, of a model on this machine its download. */
const CHOICES = [
  ["gemini", "understands meaning; half a cent for a site of 150 passages, then only edited ones"],
  [
    "local",
    "understands meaning, without a key or a price: `npm install @huggingface/transformers@4` (500 MB), a model of 25 MB to 1.2 GB that is fetched once, and minutes of computing for a large site",
  ],
  ["none", "no vectors: searches go by words; costs nothing"],
] as const;

const WITHOUT_KEY =
  'There is no key in GEMINI_API_KEY, so embedding.provider is "none": searches go by words. With a key, set "gemini".';

/** What the user can choose, and why `chosen` is set now. */
export const providerChoices = (chosen: string): readonly string[] => [
  ...(chosen === "none" ? [WITHOUT_KEY] : []),
  "The choices for embedding.provider:",
  ...CHOICES.map(([name, cost]) => `  ${name}${name === chosen ? " (set now)" : ""}: ${cost}.`),
];
