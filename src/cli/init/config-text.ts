import { configSchema, type SiteragConfig } from "../../config/schema.ts";
import type { SiteSettings } from "./generators.ts";

type Reasons = {
  readonly [Section in keyof SiteragConfig]-?: {
    readonly [Key in keyof NonNullable<SiteragConfig[Section]>]-?: string;
  };
};

/** What each key is, and why its default is what it is; written above the key. */
const REASONS: Reasons = {
  content: {
    root: "Folder of the Markdown, relative to this file.",
    include: "Globs below the root: all Markdown, because a page nobody lists is never found.",
    exclude: "Globs below the root that are left out.",
    baseUrl: "Put before every page URL: a path, or an address such as https://example.org/docs/.",
    urlStyle: "directory: /guide/install/ · clean: /guide/install · html: /guide/install.html",
    pathStyle: "How file names become paths: plain, starlight, docusaurus or eleventy.",
    slugger: "How the site makes heading anchors: github, vitepress, eleventy or none.",
  },
  chunking: {
    maxTokens: "Upper limit of a chunk: a screenful of documentation, below every model's limit.",
    overlapTokens: "Tokens repeated from the part before. 0, because the heading trail is context.",
  },
  embedding: {
    provider: "gemini needs a key in GEMINI_API_KEY; mock needs none, and knows no meanings.",
    model: "Model name as the provider spells it.",
    dimensions: "Length of the vectors: a quarter of the full length at nearly its quality.",
  },
  generation: {
    model: "Model of the Gemini API that writes answers and sentences of context.",
    usdPerMillionInputTokens: "Its price for what it reads, for siterag to show costs.",
    usdPerMillionOutputTokens: "Its price for what it writes, thoughts included.",
    enrich: "context embeds a sentence of context with each chunk, written by the model; or off.",
  },
  limits: {
    tier: "Tier of your Gemini account: free, tier1, tier2 or tier3.",
    requestsPerMinute: "Texts a minute, if your account differs from its tier.",
    tokensPerMinute: "Tokens a minute, if your account differs from its tier.",
    requestsPerDay: "Texts a day, if your account differs from its tier.",
  },
  batching: {
    strategy: "auto decides by the thresholds below; batch and individual force one road.",
    hybridThreshold: "From here on, urgent texts go at once and the rest as a job.",
    batchThreshold: "From here on, everything goes as a job, which is cheaper but slower.",
    valueOfMinuteUsd: 'What a minute of waiting costs, for batchThreshold: "adaptive".',
    urgentCount: "Texts of a hybrid set that go at once when none is marked urgent.",
    maxParallelIndividual: "Calls under way at once: below the connection limits of every tier.",
    textsPerCall: "Texts packed into one call: the Gemini API's own limit.",
    preferIndividualFor: "Purposes that never wait for a job, because somebody waits for them.",
    deadlineMinutes: "Longest wait for batch jobs: 10 minutes, 2 in a host's build. 0: none.",
    onDeadline: "defer leaves a job to the next run; individual pays calls; fail fails.",
  },
  budget: {
    maxRequests: "Texts that a run may send; the rest stays pending. null: no limit.",
    maxTokens: "Tokens that a run may send.",
    maxCostUsd: "Dollars that a run may spend.",
  },
  coalesce: {
    windowMs: "Milliseconds that a text waits for others, to be sent with them.",
    maxTexts: "Texts that are sent together at once: what one call holds.",
  },
  store: {
    uri: "Folder of the database, kept out of git, or s3://, gs://, az:// to share it.",
    index: "Name of this site's index: one for each site and branch.",
  },
  queries: {
    cutoffAfter: "Learned queries from which on others are answered by words alone. null: never.",
  },
  search: {
    mode: "hybrid finds both what is meant and what is literally there; or vector, text.",
    limit: "Hits in an answer.",
    queries: "Questions that a site generator's build answers, for pages to show.",
    minScore: "Cosine that a hit by vector needs; words find it regardless. -1 cuts nothing off.",
    questions: "Questions and the pages that answer them, for siterag check.",
  },
};

/**
 * The text of a configuration file: the settings found for the site, and every other key as a
 * comment that shows its default.
 */
export function configText(settings: SiteSettings, origin: string): string {
  const defaults = configSchema.parse({});
  const found: ReadonlyMap<string, unknown> = new Map(Object.entries(settings));
  const sections = Object.entries(defaults).map(([section, keys]) => {
    const reasons: ReadonlyMap<string, string> = new Map(Object.entries(reasonsOf(section)));
    const lines = Object.entries(keys).flatMap(([key, value]: [string, unknown]) => {
      const isFound = section === "content" && found.has(key);
      const setting = `${key}: ${literal(isFound ? found.get(key) : value)},`;
      return [`    // ${reasons.get(key) ?? ""}`, `    ${isFound ? "" : "// "}${setting}`];
    });
    return [`  ${section}: {`, ...lines, "  },"].join("\n");
  });
  return `import { defineConfig } from "siterag";

// ${origin}
// A commented setting is the default; remove the slashes to change it.
export default defineConfig({
${sections.join("\n")}
});
`;
}

function reasonsOf(section: string): Readonly<Record<string, string>> {
  const found = Object.entries(REASONS).find(([name]) => name === section);
  return found === undefined ? {} : found[1];
}

/** JSON on one line, with the spaces that formatters put into a list. */
const literal = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(literal).join(", ")}]` : JSON.stringify(value);
