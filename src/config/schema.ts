import { z } from "zod";
import { GEMINI_MODELS, geminiProfile } from "../planning/gemini-profile.ts";
import type { GeminiModel, GeminiTier } from "../planning/gemini-profile.ts";
import type { Secret } from "../words/secret.ts";
import type { Purpose, SearchMode, SluggerName, Strategy } from "../words/types.ts";

/**
 * What a configuration says. Every default stands here with its reason, and nowhere else. Paths are
 * as written: relative to the configuration file.
 */
interface CheckedConfig {
  readonly content: {
    /** Folder of the Markdown. */
    readonly root: string;
    /** Globs below the root. */
    readonly include: readonly string[];
    /** Globs below the root that are left out. */
    readonly exclude: readonly string[];
    /** Put before every page URL: a path (`/docs/`) or an address (`https://example.org/docs/`). */
    readonly baseUrl: string;
    /** `directory`: `/guide/install/`; `clean`: `/guide/install`; `html`: `/guide/install.html`. */
    readonly urlStyle: "directory" | "clean" | "html";
    /** Whose habits turn a file's path into a URL: number prefixes, `slug`, README files. */
    readonly pathStyle: "plain" | "starlight" | "docusaurus" | "eleventy";
    /** How the site makes heading anchors. */
    readonly slugger: SluggerName;
  };
  readonly chunking: {
    /** Upper limit of a chunk, in tokens. */
    readonly maxTokens: number;
    /** Tokens of the previous part that are repeated in front of the next one. */
    readonly overlapTokens: number;
  };
  readonly embedding: {
    /** Who makes the vectors. */
    readonly provider: Provider;
    /** Model name as the provider spells it. */
    readonly model: string;
    /** Length of the vectors. */
    readonly dimensions: number;
  };
  /** What writes texts: answers of `siterag ask`, sentences of context. */
  readonly generation: {
    /** Model name as the provider of the vectors spells it; null: nothing can be generated. */
    readonly model: string | null;
    /** US dollars per million tokens read and written; null: costs are not shown. */
    readonly usdPerMillionInputTokens: number | null;
    readonly usdPerMillionOutputTokens: number | null;
    /** `context`: a sentence of context for each chunk is embedded with it. */
    readonly enrich: "off" | "context";
  };
  /** What the account of the Gemini API may send. */
  readonly limits: {
    /** Tier of the account. */
    readonly tier: GeminiTier;
    /** Texts a minute, each of which counts as one request; null: the tier's. */
    readonly requestsPerMinute: number | null;
    /** Tokens a minute; null: the tier's. */
    readonly tokensPerMinute: number | null;
    /** Texts a day; null: the tier's. */
    readonly requestsPerDay: number | null;
  };
  readonly batching: {
    /** `auto` decides by the thresholds below; the others force one road. */
    readonly strategy: Strategy;
    /** From this many texts on, urgent ones go at once and the rest as a job. */
    readonly hybridThreshold: number;
    /** From this many texts on, everything goes as a job; `adaptive`: where a job pays. */
    readonly batchThreshold: number | "adaptive";
    /** What a minute of waiting costs, in US dollars, for the adaptive threshold. */
    readonly valueOfMinuteUsd: number;
    /** How many texts of a hybrid set go at once when none is marked urgent. */
    readonly urgentCount: number;
    /** Individual calls under way at once. */
    readonly maxParallelIndividual: number;
    /** Texts packed into one individual call. */
    readonly textsPerCall: number;
    /** Purposes that never wait for a job. */
    readonly preferIndividualFor: readonly Purpose[];
    /** Longest wait of a run for its batch jobs; 0: none. Null: 10, and 2 in a host's build. */
    readonly deadlineMinutes: number | null;
    /** What becomes of a job that has not ended then. */
    readonly onDeadline: "defer" | "individual" | "fail";
  };
  /** What one run of `siterag index` may send; what is left stays pending for the next one. */
  readonly budget: {
    /** Texts, each of which counts as one request every time that it is sent; null: no limit. */
    readonly maxRequests: number | null;
    /** Tokens; null: no limit. */
    readonly maxTokens: number | null;
    /** US dollars; null: no limit. */
    readonly maxCostUsd: number | null;
  };
  /** Requests of one text each that come together become one set. */
  readonly coalesce: {
    /** How long a set waits for more, in milliseconds. */
    readonly windowMs: number;
    /** Texts of a set; with so many it is sent at once. */
    readonly maxTexts: number;
  };
  readonly store: {
    /** Folder of the database, or `s3://`, `gs://`, `az://`, `db://`. */
    readonly uri: string;
    /** Name of this site's index: one table per site and branch. */
    readonly index: string;
  };
  readonly queries: {
    /**
     * From this many learned queries of a provider and model on, others are answered by full text,
     * without the API; null: never.
     */
    readonly cutoffAfter: number | null;
  };
  readonly search: {
    /** `hybrid` fuses vector and full-text ranks. */
    readonly mode: SearchMode;
    /** Hits in an answer. */
    readonly limit: number;
    /** Questions that a host's build answers, so that pages can show the answers. */
    readonly queries: readonly string[];
    /** Cosine similarity that a chunk needs to be found by its vector; words find it regardless. */
    readonly minScore: number;
    /** File of questions and expected pages for `siterag check`. */
    readonly questions: string;
  };
}

/** The one schema of siterag's configuration, with what only the environment says. */
export interface ResolvedConfig extends CheckedConfig {
  /** Absent where no variable was looked at. */
  readonly access?: ServiceAccess;
}

/** Who makes vectors. */
export type Provider = "gemini" | "mock";

/** How the Gemini API is reached: from the environment, never from a file. */
export interface ServiceAccess {
  readonly apiKey: Secret | null;
  /** Null: Google's own address. */
  readonly baseUrl: string | null;
}

/** What a user may write: every key is optional. */
export type SiteragConfig = {
  readonly [Section in keyof CheckedConfig]?: {
    readonly [Key in keyof CheckedConfig[Section]]?: CheckedConfig[Section][Key] | undefined;
  };
};

const count = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum);

const content = z.strictObject({
  /** The folder name that VitePress, Docusaurus and most READMEs use. */
  root: z.string().min(1).default("docs"),
  /** All Markdown, because a page nobody listed is a page nobody finds. */
  include: z.array(z.string().min(1)).min(1).default(["**/*.{md,mdx,markdown}"]),
  exclude: z.array(z.string().min(1)).default([]),
  /** The site at the root of its host. */
  baseUrl: z.string().min(1).default("/"),
  /** What Astro, Eleventy and Docusaurus write by default. */
  urlStyle: z.enum(["directory", "clean", "html"]).default("directory"),
  /** The path as it lies: VitePress, Rspress, Jekyll and most others. */
  pathStyle: z.enum(["plain", "starlight", "docusaurus", "eleventy"]).default("plain"),
  /** Serves Astro, Docusaurus, Rspress and Nextra. */
  slugger: z.enum(["github", "vitepress", "eleventy", "none"]).default("github"),
});

const chunking = z.strictObject({
  /** 512: a screenful of documentation, well below every model's limit. */
  maxTokens: count(32, 8192).default(512),
  /** 0: the heading trail gives context. */
  overlapTokens: count(0, 4096).default(0),
});

/** The model of each provider when none is named. */
const DEFAULT_MODELS: Readonly<Record<Provider, string>> = {
  /** Google's newest: reads 8,192 tokens, and the older one has a date on which it ends. */
  gemini: "gemini-embedding-2",
  mock: "mock-embedding",
};

const modelName = z
  .string()
  .regex(/^[A-Za-z0-9._-]+$/, { error: "letters, digits, dots, dashes", abort: true });

const embedding = z
  .strictObject({
    /** What siterag is for; `mock` needs no key, and does not know what words mean. */
    provider: z.enum(["gemini", "mock"]).default("gemini"),
    model: modelName.optional(),
    /** 768: a quarter of Gemini's full length at nearly its quality. */
    dimensions: count(8, 3072).default(768),
  })
  .transform(({ provider, model = DEFAULT_MODELS[provider], dimensions }) => ({
    provider,
    model,
    dimensions,
  }));

const generation = z.strictObject({
  /** None: models that write come and go, and differ in price by far. */
  model: modelName.nullable().default(null),
  /** Not known to siterag, as it knows no model. */
  usdPerMillionInputTokens: z.number().min(0).nullable().default(null),
  usdPerMillionOutputTokens: z.number().min(0).nullable().default(null),
  /** Off: it costs a call for each changed chunk. */
  enrich: z.enum(["off", "context"]).default("off"),
});

const limits = z.strictObject({
  /** The first paid tier: on the free one Google answers 429, and siterag slows down. */
  tier: z.enum(["free", "tier1", "tier2", "tier3"]).default("tier1"),
  requestsPerMinute: count(1, 1_000_000).nullable().default(null),
  tokensPerMinute: count(1000, 1_000_000_000).nullable().default(null),
  requestsPerDay: count(1, 1_000_000_000).nullable().default(null),
});

const batching = z.strictObject({
  strategy: z.enum(["auto", "batch", "individual"]).default("auto"),
  /** Below four texts one call answers sooner than a job is created. */
  hybridThreshold: count(1, 1_000_000).default(4),
  /** Ten: the classic size from which a job is worth its wait. */
  batchThreshold: z
    .union([count(1, 1_000_000), z.literal("adaptive")], {
      error: 'a whole number from 1 to 1,000,000, or "adaptive"',
    })
    .default(10),
  /** A minute of a Linux machine of GitHub's: what a build that waits costs at least. */
  valueOfMinuteUsd: z.number().min(0).default(0.006),
  /** Just under the hybrid threshold, so that a hybrid set always leaves a rest. */
  urgentCount: count(0, 1000).default(3),
  /** Five: below the connection limits of every tier. */
  maxParallelIndividual: count(1, 100).default(5),
  /** 100 is the Gemini API's own limit. */
  textsPerCall: count(1, 100).default(100),
  /** Somebody is waiting for these. */
  preferIndividualFor: z
    .array(z.enum(["index", "rag_query", "quick_enrichment"]))
    .default(["rag_query", "quick_enrichment"]),
  /** Most small jobs end within ten minutes, and who builds a site is waiting for it. */
  deadlineMinutes: z.number().min(0).max(10_080).nullable().default(null),
  /** The build goes on, its texts are found by their words, and the next run collects the job. */
  onDeadline: z.enum(["defer", "individual", "fail"]).default("defer"),
});

/** No limit: a site is indexed whole unless somebody says otherwise. */
const budget = z.strictObject({
  maxRequests: count(0, 1_000_000_000).nullable().default(null),
  maxTokens: count(0, 1_000_000_000_000).nullable().default(null),
  maxCostUsd: z.number().min(0).nullable().default(null),
});

const coalesce = z.strictObject({
  /** Nobody notices ten milliseconds, and what a page asks for comes within them. */
  windowMs: count(0, 1000).default(10),
  /** 100: what one call of the Gemini API holds. */
  maxTexts: count(1, 10_000).default(100),
});

const store = z.strictObject({
  /** Beside the site, in the folder that `siterag init` keeps out of git. */
  uri: z.string().min(1).default(".siterag/db"),
  index: z
    .string()
    .regex(
      /^(?!(?:pages|meta|lease|jobs|queries|contexts)$|vectors_)[a-z0-9][a-z0-9_.-]*$/i,
      "letters, digits, dots, dashes, underscores; not the name of another table of the store",
    )
    .default("chunks"),
});

const queries = z.strictObject({
  /** Off: an answer by words alone is poorer, so whoever wants that says so; 100 is the classic. */
  cutoffAfter: count(0, 1_000_000).nullable().default(null),
});

const search = z.strictObject({
  /** Finds both what is meant and what is literally there. */
  mode: z.enum(["hybrid", "vector", "text"]).default("hybrid"),
  /** A page of results. */
  limit: count(1, 100).default(10),
  /** None: they cost a call the first time. */
  queries: z.array(z.string().trim().min(1)).default([]),
  /** -1 is the lowest cosine there is: what is far is ranked low, and nothing is cut off. */
  minScore: z.number().min(-1).max(1).default(-1),
  /** Beside the configuration, so that one glance finds it. */
  questions: z.string().min(1).default("siterag.questions.yaml"),
});

export const configSchema: z.ZodType<CheckedConfig> = z
  .strictObject({
    content: content.prefault({}),
    chunking: chunking.prefault({}),
    embedding: embedding.prefault({}),
    generation: generation.prefault({}),
    limits: limits.prefault({}),
    batching: batching.prefault({}),
    budget: budget.prefault({}),
    coalesce: coalesce.prefault({}),
    store: store.prefault({}),
    queries: queries.prefault({}),
    search: search.prefault({}),
  })
  .superRefine((config, context) => {
    for (const { path, input, message } of impossibleCombinations(config)) {
      context.addIssue({ code: "custom", path: [...path], input, message });
    }
  });

interface Impossible {
  readonly path: readonly [section: string, key: string];
  readonly input: unknown;
  readonly message: string;
}

/** Tokens of the longest sentence of context that is kept, by the estimate of `chunking/tokens.ts`. */
export const CONTEXT_TOKENS = 100;

/** Shortest vectors of the Gemini models: https://ai.google.dev/gemini-api/docs/embeddings. */
const GEMINI_DIMENSIONS = 128;

function* impossibleCombinations(config: CheckedConfig): Generator<Impossible> {
  const { chunking: chunks, embedding: vectors } = config;
  if (chunks.overlapTokens * 2 > chunks.maxTokens) {
    const message = `at most half of chunking.maxTokens (${chunks.maxTokens})`;
    yield { path: ["chunking", "overlapTokens"], input: chunks.overlapTokens, message };
  }
  if (vectors.provider !== "gemini") return;
  if (vectors.dimensions < GEMINI_DIMENSIONS) {
    const message = `at least ${GEMINI_DIMENSIONS} with the provider gemini`;
    yield { path: ["embedding", "dimensions"], input: vectors.dimensions, message };
  }
  if (!isGeminiModel(vectors.model)) {
    const message = `with the provider gemini one of ${GEMINI_MODELS.join(", ")}`;
    yield { path: ["embedding", "model"], input: vectors.model, message };
    return;
  }
  const { textTokens } = geminiProfile(vectors.model, vectors.dimensions, config.limits);
  const isEnriched = config.generation.enrich === "context";
  if (isEnriched && config.generation.model === null) {
    const message = '"off" as long as generation.model names no model';
    yield { path: ["generation", "enrich"], input: config.generation.enrich, message };
  }
  const { usdPerMillionInputTokens: reading, usdPerMillionOutputTokens: writing } =
    config.generation;
  const { maxCostUsd } = config.budget;
  if (isEnriched && maxCostUsd !== null && (reading === null || writing === null)) {
    const message = "null as long as generation names no prices";
    yield { path: ["budget", "maxCostUsd"], input: maxCostUsd, message };
  }
  const most = textTokens - (isEnriched ? CONTEXT_TOKENS : 0);
  if (chunks.maxTokens > most) {
    const beside = isEnriched ? " beside a sentence of context" : "";
    const message = `at most ${most}, which is all that ${vectors.model} reads${beside}`;
    yield { path: ["chunking", "maxTokens"], input: chunks.maxTokens, message };
  }
}

/** Whether siterag knows a model of the Gemini API: its prices, limits and form. */
export const isGeminiModel = (model: string): model is GeminiModel =>
  GEMINI_MODELS.some((known) => known === model);

/** Gives a configuration file its types: `export default defineConfig({ … })`. */
export const defineConfig = (config: SiteragConfig): SiteragConfig => config;
