import { z } from "zod";
import {
  address,
  text,
  oneOf,
  count,
  limit,
  amount,
  between,
  flag,
  amountOrNull,
  nonEmpty,
  listOf,
  milliseconds,
  modelName,
  threshold,
  indexName,
} from "./values.ts";
import { defaultsOf, key, type ValuesOf } from "./key.ts";
import { once } from "../words/once.ts";
import { PLACE_KEYS } from "./place-keys.ts";
import { STRATEGIES } from "../words/plans.ts";

const weight = between(0, 100);
/** What the key `search.weights` holds. */
const WEIGHTS = { vector: weight.nullable().default(null), text: weight.default(1) };

/**
 * Every key of a configuration, block by block: what its value may be, its default, and one sentence
 * that editors show with it. The keys of the block `embedding` stand with the providers.
 * Paths are as written: relative to the configuration file.
 */
export const SECTIONS = {
  content: {
    from: oneOf(["source", "html"])
      .default("source")
      .describe("source: pages are read from the Markdown · html: from the built site."),
    site: text
      .nullable()
      .default(null)
      .describe("Folder of the built site, relative to this file. null: it is not known."),
    root: text.default("docs").describe("Folder of the Markdown, relative to this file."),
    include: nonEmpty
      .default(["**/*.{md,mdx,markdown}"])
      .describe("Globs below the root: all Markdown, because a page nobody lists is never found."),
    exclude: listOf(text).default([]).describe("Globs below the root that are left out."),
    baseUrl: address
      .default("/")
      .describe(
        "Put before every page URL: a path, or an address such as https://example.org/docs/.",
      ),
    urlStyle: oneOf(["directory", "clean", "html"])
      .default("directory")
      .describe("directory: /guide/install/ · clean: /guide/install · html: /guide/install.html"),
    pathStyle: oneOf(["plain", "starlight", "docusaurus", "eleventy"])
      .default("plain")
      .describe("How file names become paths: plain, starlight, docusaurus or eleventy."),
    slugger: oneOf(["github", "vitepress", "eleventy", "none"])
      .default("github")
      .describe("How the site makes heading anchors: github, vitepress, eleventy or none."),
    format: oneOf(["host", "detect", "md", "mdx"])
      .default("host")
      .describe(
        "host: as the generator reads Markdown · detect: by the extension · md, mdx: all pages.",
      ),
    locales: PLACE_KEYS.locales,
    versions: PLACE_KEYS.versions,
    paths: PLACE_KEYS.paths,
    pages: PLACE_KEYS.pages,
    routes: PLACE_KEYS.routes,
    leftBehind: PLACE_KEYS.leftBehind,
  },
  chunking: {
    maxTokens: count(32, 8192)
      .default(512)
      .describe("Upper limit of a chunk: a screenful of documentation, below every model's limit."),
    overlapTokens: count(0, 4096)
      .default(0)
      .describe("Tokens repeated from the part before. 0, because the heading trail is context."),
  },
  generation: {
    model: modelName
      .nullable()
      .default(null)
      .describe("Model of the Gemini API that writes answers and sentences of context."),
    usdPerMillionInputTokens: amountOrNull.describe(
      "Its price for what it reads, for siterag to show costs.",
    ),
    usdPerMillionOutputTokens: amountOrNull.describe(
      "Its price for what it writes, thoughts included.",
    ),
    enrich: oneOf(["off", "context"])
      .default("off")
      .describe(
        "context embeds a sentence of context with each chunk, written by the model; or off.",
      ),
  },
  limits: {
    tier: oneOf(["free", "tier1", "tier2", "tier3"])
      .default("tier1")
      .describe("Tier of your Gemini account: free, tier1, tier2 or tier3."),
    requestsPerMinute: limit(1, 1_000_000).describe(
      "Texts a minute, if your account differs from its tier.",
    ),
    tokensPerMinute: limit(1000, 1_000_000_000).describe(
      "Tokens a minute, if your account differs from its tier.",
    ),
    requestsPerDay: limit(1, 1_000_000_000).describe(
      "Texts a day, if your account differs from its tier.",
    ),
  },
  batching: {
    strategy: oneOf(STRATEGIES)
      .default("auto")
      .describe("auto decides by the thresholds below; batch and individual force one road."),
    hybridThreshold: count(1, 1_000_000)
      .default(4)
      .describe("From here on, urgent texts go at once and the rest as a job."),
    batchThreshold: threshold
      .default(10)
      .describe("From here on, everything goes as a job, which is cheaper but slower."),
    valueOfMinuteUsd: amount
      .default(0.006)
      .describe('What a minute of waiting costs, for batchThreshold: "adaptive".'),
    urgentCount: count(0, 1000)
      .default(3)
      .describe("Texts of a hybrid set that go at once when none is marked urgent."),
    maxParallelIndividual: count(1, 100)
      .default(5)
      .describe("Calls under way at once: below the connection limits of every tier."),
    textsPerCall: count(1, 100)
      .default(100)
      .describe("Texts packed into one call: the Gemini API's own limit."),
    preferIndividualFor: listOf(oneOf(["index", "rag_query", "quick_enrichment"]))
      .default(["rag_query", "quick_enrichment"])
      .describe("Purposes that never wait for a job, because somebody waits for them."),
    deadlineMinutes: between(0, 10_080)
      .nullable()
      .default(null)
      .describe("Longest wait for batch jobs: 10 minutes, 2 in a host's build. 0: none."),
    onDeadline: oneOf(["defer", "individual", "fail"])
      .default("defer")
      .describe("defer leaves a job to the next run; individual pays calls; fail fails."),
  },
  calls: {
    timeoutMs: count(1, 3_600_000)
      .default(30_000)
      .describe("Milliseconds after which a call without an answer has failed."),
    maxRetries: count(0, 100)
      .default(3)
      .describe("How often a failed call is sent again. 0: never."),
    initialBackoffMs: milliseconds
      .default(1000)
      .describe("Milliseconds before the first retry; each further wait is twice as long."),
    maxBackoffMs: milliseconds
      .default(32_000)
      .describe("Longest wait before a retry, in milliseconds."),
    jitter: between(0, 1)
      .default(0.2)
      .describe("Share of a wait that is left to chance, so that retries do not come all at once."),
  },
  budget: {
    maxRequests: limit(0, 1_000_000_000).describe(
      "Texts that a run may send; the rest stays pending. null: no limit.",
    ),
    maxTokens: limit(0, 1_000_000_000_000).describe("Tokens that a run may send."),
    maxCostUsd: amountOrNull.describe("Dollars that a run may spend."),
  },
  coalesce: {
    windowMs: count(0, 1000)
      .default(10)
      .describe("Milliseconds that a text waits for others, to be sent with them."),
    maxTexts: count(1, 10_000)
      .default(100)
      .describe("Texts that are sent together at once: what one call holds."),
  },
  store: {
    uri: text
      .default(".siterag/db")
      .describe("Folder of the database, kept out of git, or s3://, gs://, az:// to share it."),
    index: indexName
      .default("chunks")
      .describe("Name of this site's index: one for each site and branch."),
  },
  queries: {
    cutoffAfter: limit(0, 1_000_000).describe(
      "Learned queries from which on others are answered by words alone. null: never.",
    ),
    keepLatest: count(0, 1_000_000)
      .default(200)
      .describe("Queries of earlier builds whose vectors are kept, the latest first."),
  },
  search: {
    mode: oneOf(["hybrid", "vector", "text"])
      .default("hybrid")
      .describe("hybrid finds both what is meant and what is literally there; or vector, text."),
    limit: count(1, 100).default(10).describe("Hits in an answer."),
    queries: listOf(key(() => z.string().trim().min(1)))
      .default([])
      .describe("Questions that a site generator's build answers, for pages to show."),
    minScore: between(-1, 1)
      .default(-1)
      .describe(
        "Cosine that a hit by vector needs; words find it regardless. -1 cuts nothing off.",
      ),
    weights: key(() =>
      z.strictObject({ vector: WEIGHTS.vector.schema(), text: WEIGHTS.text.schema() }),
    )
      .default(defaultsOf(WEIGHTS))
      .describe(
        "How much each list counts in a hybrid search. vector: null leaves it to the provider: 0.15 for mock, else 1.",
      ),
    questions: text
      .default("siterag.questions.yaml")
      .describe("Questions and the pages that answer them, for siterag check."),
  },
  build: {
    search: oneOf(["auto", "replace", "off"])
      .default("auto")
      .describe(
        "auto: pages get a search box, unless the site has another search · replace: in its place · off.",
      ),
    related: count(0, 20)
      .default(5)
      .describe("Related pages that are shown below each page. 0: none."),
    strict: flag
      .default(false)
      .describe(
        "Whether any failure of siterag stops the site's build, as a wrong configuration does.",
      ),
  },
  dev: {
    embed: flag
      .default(false)
      .describe(
        "Whether the dev server embeds pages as they are edited, in calls, under the budget.",
      ),
  },
};

/** All blocks but `embedding`, checked and complete. */
export type Sections = ValuesOf<typeof SECTIONS>;

/** What holds where nobody says otherwise. */
export const defaults = once((): Sections => defaultsOf(SECTIONS));
