import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AskAnswer } from "../../src/searching/ask.ts";
import type { UseCases } from "../../src/cli/use-cases.ts";
import type { CheckReport } from "../../src/searching/check-report.ts";
import type { ResolvedConfig } from "../../src/config/schema.ts";
import { SiteragError } from "../../src/words/errors.ts";
import { chooseStrategy } from "../../src/planning/choose-strategy.ts";
import { geminiProfile } from "../../src/planning/gemini-profile.ts";
import type { Metrics } from "../../src/words/metrics.ts";
import type { Hit } from "../../src/words/hits.ts";
import type { JobRecord } from "../../src/words/plans.ts";
import type { Logger, Progress } from "../../src/words/types.ts";
import { folderWith } from "../support/temporary-folder.ts";
import { BATCHING, itemsOf } from "../planning/plan-items.ts";
import { record, transcript } from "./recording.ts";
import { VERIFIED } from "./verified.ts";
import type { IndexReport, PlanReport } from "../../src/words/reports.ts";

const METRICS: Metrics = {
  requests: 5,
  individualCalls: 1,
  jobs: 0,
  cacheHits: 2,
  cacheHitRate: 0.4,
  texts: 3,
  tokens: 1200,
  costUsd: 0.0004,
  extraCostVsBatchUsd: 0.0002,
  secondsSavedAgainstAlwaysBatch: 118.6,
  averageLatencyMs: 400,
  textsPerCall: 3,
  retries: 0,
  errors: 0,
  errorRate: 0,
  poolUtilisation: 0.2,
  longestQueue: 0,
  poolExhausted: 0,
};

const REPORT: IndexReport = {
  pages: 2,
  chunks: { total: 5, added: 3, reused: 2, moved: 0, deleted: 1, pending: 0, failed: 0 },
  plan: {
    strategy: "auto",
    resolved: "individual",
    reason: "3 texts go at once.",
    estimate: { calls: 1, jobs: 0, texts: 3, tokens: 1200, costUsd: 0, seconds: 1 },
  },
  usage: {
    calls: 1,
    jobs: 0,
    texts: 3,
    textsRepeated: 0,
    retries: 0,
    tokens: 1200,
    costUsd: 0,
    cacheHits: 0,
  },
  enrichment: {
    sentences: 3,
    calls: 3,
    jobs: 0,
    retries: 0,
    inputTokens: 900,
    outputTokens: 60,
    costUsd: 0.0004,
    extraCostVsBatchUsd: 0.0002,
    secondsSavedAgainstAlwaysBatch: 59,
  },
  metrics: METRICS,
  durationMs: 1234,
  warnings: ["a.md: odd"],
  failures: [],
};

const PLAN = chooseStrategy(itemsOf(7), BATCHING, {
  profile: geminiProfile("gemini-embedding-001", 768, { tier: "tier1" }),
});

const PLAN_REPORT: PlanReport = {
  pages: 2,
  chunks: { total: 9, added: 8, reused: 1, moved: 0, deleted: 1 },
  cacheHits: 1,
  plan: PLAN,
  enrichment: {
    resolved: "batch",
    reason: "8 sentences of context → batch: 1 batch job",
    sentences: 8,
    calls: 0,
    jobs: 1,
    inputTokens: 2400,
    outputTokens: 800,
    costUsd: 0.002,
    seconds: 60,
    alternatives: {
      individual: { costUsd: 0.004, seconds: 2 },
      batch: { costUsd: 0.002, seconds: 60 },
    },
  },
  jobsOut: [],
  warnings: ["a.md: odd"],
  failures: [],
};

const HIT: Hit = {
  url: "/guide/install/#windows",
  page: "guide/install.md",
  title: "Install",
  headings: ["Install", "On Windows"],
  text: `## On Windows\n\nRun the \u001B[31mred\u001B[0m installer.\n\n${"long ".repeat(40)}\nthree\nfour`,
  score: 0.5,
  snippet: {
    text: "Run the \u001B[31mred\u001B[0m installer, then install it again. ".repeat(4),
    marks: [[37, 44]],
  },
  scores: { vector: { rank: 1, score: 0.7 }, text: null },
};

const USAGE_HIT: Hit = { ...HIT, headings: ["Usage"], text: "short" };

const GROUPED: Hit = {
  ...HIT,
  others: ["linux", "macos", "bsd", "haiku", "plan-9"].map((name) => ({
    url: `/guide/install/#${name}`,
    headings: ["Install", `On ${name}`],
    score: 0.4,
  })),
};

const PROGRESS: readonly Progress[] = [
  { phase: "read", done: 0, total: null },
  { phase: "read", done: 7, total: null },
  ...Array.from({ length: 41 }, (_, done) => ({ phase: "embed" as const, done, total: 40 })),
  { phase: "write", done: 0, total: 1 },
  { phase: "files", done: 640, total: null },
  { phase: "merge", done: 2000, total: null },
];

const JOB: JobRecord = {
  displayName: "siterag-0123",
  name: "batches/1",
  fingerprints: ["a", "b"],
  tokens: 820,
  index: "chunks",
  owner: "somebody",
  skipped: [],
  leaseUntil: 0,
  createdAt: "2026-01-02T03:04:05.000Z",
  space: { provider: "gemini", model: "gemini-embedding-2", dimensions: 768, taskForm: "prompt-1" },
};

const ANSWER = (question: string): AskAnswer => ({
  question,
  mode: "hybrid",
  pending: 0,
  answer: "Run the \u001B[31mred\u001B[0m installer [1].\nTwice [3].",
  citations: [
    { number: 1, url: HIT.url, title: HIT.title, headings: HIT.headings },
    { number: 3, url: "/", title: "Home", headings: ["Home"] },
  ],
  grounded: true,
  degraded: "no vectors",
  usage: {
    calls: 1,
    jobs: 0,
    retries: 0,
    inputTokens: 1234,
    outputTokens: 20,
    costUsd: null,
  },
});

const CHECKED = (file: string, k: number): CheckReport => ({
  file,
  questions: 4,
  mode: "hybrid",
  k,
  recall: 0.75,
  mrr: 0.625,
  modes: {
    hybrid: { recall: 0.75, mrr: 0.625 },
    vector: { recall: 0.5, mrr: 0.5 },
    text: { recall: 0.75, mrr: 0.5 },
  },
  degraded: null,
  misses: [{ question: "where is it", missing: ["a.md"], found: ["b.md", "c.md"] }],
});

const indexWith =
  (report: IndexReport): UseCases["indexSite"] =>
  async ({ onProgress, logger }) => {
    for (const progress of PROGRESS) onProgress?.(progress);
    for (const message of [...report.warnings, ...report.failures]) logger?.warn(message);
    return report;
  };

const USE_CASES: Partial<UseCases> = {
  indexSite: indexWith(REPORT),
  planSite: async ({ logger }) => {
    for (const message of PLAN_REPORT.warnings) logger?.warn(message);
    return PLAN_REPORT;
  },
  search: async ({ query, mode = "hybrid", limit = 10, groupByPage = false }) => ({
    query,
    mode,
    degraded: null,
    pending: 2,
    hits: (groupByPage ? [GROUPED] : [HIT, USAGE_HIT]).slice(0, limit),
  }),
  searchAll: async ({ queries }) => [
    { query: queries[0] ?? "", mode: "hybrid", degraded: null, pending: 0, hits: [USAGE_HIT] },
    { query: queries[1] ?? "", mode: "text", degraded: "no vectors", pending: 0, hits: [] },
  ],
  searchPublished: async ({ queries, groupByPage = false }) =>
    queries.map((query) => ({
      query,
      mode: "text",
      degraded: null,
      pending: 0,
      hits: groupByPage ? [GROUPED] : [HIT, USAGE_HIT],
    })),
  checkPublished: async ({ file, k = 5 }) => ({ ...CHECKED(file, k), mode: "text" }),
  ask: async ({ question, onText }) => {
    for (const piece of ["Run the \u001B[31mred\u001B[0m ", "installer", " [1].\nTwice [3]."])
      onText?.(piece);
    return ANSWER(question);
  },
  checkQuestions: async ({ config, k = 5 }) => CHECKED(config.search.questions, k),
  verifySite: async () => VERIFIED,
  publishIndex: async ({ out }) => ({
    out,
    pages: 2,
    sections: 5,
    files: 7,
    bytes: 12_345,
    written: 3,
    removed: 1,
  }),
  related: async () => [{ page: "b.md", url: "/b/", title: "B", score: 0.8123 }],
  readStatus: async () => ({
    index: {
      name: "chunks",
      pages: 2,
      chunks: 5,
      pending: 0,
      space: { provider: "mock", model: "mock-embedding", dimensions: 768, taskForm: "none" },
      publishedAt: "2026-01-02T03:04:05.000Z",
    },
    lastRun: { at: "2026-01-02T03:04:06.000Z", metrics: METRICS, enrichment: REPORT.enrichment },
    learnedQueries: 7,
  }),
  cacheStats: async () => [{ table: "vectors_mock", entries: 5, used: 4 }],
  pruneCache: async () => ({ removed: 1 }),
  clearCache: async () => ({ removed: 5 }),
  listJobs: async () => [
    JOB,
    { ...JOB, name: null, space: { ...JOB.space, provider: "gemini-generation", dimensions: 0 } },
  ],
  collectJobs: async () => ({
    collected: ["batches/2"],
    out: [
      {
        record: JOB,
        reason:
          "They are in batch job batches/1 (RUNNING); run `siterag index` again to collect it.",
      },
    ],
    lost: ["Batch job batches/3 ended as FAILED."],
  }),
  cancelJob: async () => ({ outcome: "collected", reason: null, error: null }),
};

const answer = (hits: readonly Hit[], degraded: string | null): Partial<UseCases> => ({
  search: async ({ query }) => ({ query, mode: "text", degraded, pending: 0, hits }),
});

const UNINDEXED: Partial<UseCases> = {
  readStatus: async () => ({ index: null, lastRun: null, learnedQueries: 0 }),
};

const BROKEN: Partial<UseCases> = {
  indexSite: async ({ onProgress }) => {
    onProgress?.({ phase: "embed", done: 1, total: 2 });
    throw new Error("broken");
  },
};

const COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ["index", ["index"]],
  ["index-dry-run", ["index", "--dry-run"]],
  ["search", ["search", "how", "to", "install"]],
  ["search-limit", ["search", "install", "--limit", "1", "--mode", "text"]],
  ["search-group-by-page", ["search", "install", "--group-by-page"]],
  ["search-by-section", ["search", "install", "--by-section"]],
  ["search-published", ["search", "install", "--published", "dist/siterag"]],
  [
    "check-published",
    ["check", "--published", "https://example.org/siterag", "--min-recall", "0.7"],
  ],
  ["search-batch-query", ["search", "--batch-query", "queries.txt"]],
  ["ask", ["ask", "how", "to", "install"]],
  ["check", ["check", "--min-recall", "0.7"]],
  ["verify", ["verify", "--min", "0.9"]],
  ["publish", ["publish", "--out", "dist/siterag"]],
  ["related", ["related", "a.md"]],
  ["status", ["status"]],
  ["jobs-list", ["jobs", "list"]],
  ["jobs-collect", ["jobs", "collect"]],
  ["jobs-cancel", ["jobs", "cancel", "batches/1"]],
  ["cache-stats", ["cache", "stats"]],
  ["cache-prune", ["cache", "prune"]],
  ["cache-clear", ["cache", "clear"]],
];

describe("each command for people and for programs", () => {
  test.each(COMMANDS)("%s", async (name, argv) => {
    const cwd = await folderWith({ ".siteragrc": "{}", "queries.txt": "how to use it\n\nzz\n" });
    const plain = await record(argv, { cwd, useCases: USE_CASES });
    expect(plain.exitCode).toBe(0);
    await expect(transcript(argv, cwd, plain)).toMatchFileSnapshot(
      `../../golden/cli/run-${name}.txt`,
    );

    const withJson = [...argv, "--json"];
    const json = await record(withJson, { cwd, useCases: USE_CASES });
    expect(json).toMatchObject({ exitCode: 0, stderr: "" });
    expect(() => JSON.parse(json.stdout)).not.toThrow();
    const golden = `../../golden/cli/run-${name}-json.txt`;
    await expect(transcript(withJson, cwd, json)).toMatchFileSnapshot(golden);
  });
});

const WAITING = [
  ["index"],
  ["index", "--dry-run"],
  ["search", "install"],
  ["search", "--batch-query", "queries.txt"],
  ["ask", "install"],
  ["check"],
  ["verify"],
  ["jobs", "collect"],
  ["jobs", "cancel", "batches/1"],
  ["cache", "prune"],
  ["cache", "clear"],
];

test.each(WAITING)(
  "%s %s warns and tells on stderr what it waits for, with --json too",
  async (...argv) => {
    const cwd = await folderWith({ ".siteragrc": "{}", "queries.txt": "how to use it\n" });
    const reasons = { info: "Reading.", warn: "Careful.", wait: "Waiting until noon." };
    const waits = async ({ logger }: { readonly logger?: Logger }): Promise<never> => {
      logger?.info(reasons.info);
      logger?.warn(reasons.warn);
      logger?.wait?.(reasons.wait);
      throw new SiteragError("STORE_LOCKED", "Taken.");
    };
    const names = Object.keys(USE_CASES);
    const useCases = Object.fromEntries(names.map((name) => [name, waits]));
    const { stderr, stdout } = await record([...argv, "--json"], { cwd, useCases });
    // The JSON of `index` has the warnings.
    const warnings = argv[0] === "index" ? [] : ["warning: Careful."];
    const [error] = stderr.split("\n").slice(-2);
    expect([stdout, stderr]).toEqual(["", [...warnings, reasons.wait, error, ""].join("\n")]);
  },
);

describe("ask", () => {
  const nothing = { answer: null, citations: [], grounded: false, degraded: null, usage: null };

  test("says plainly that the index does not hold the answer, and ends with 0", async () => {
    const useCases = { ask: async () => ({ ...ANSWER("who?"), ...nothing }) };
    const recorded = await record(["ask", "who?"], { cwd: "/", useCases });
    const stdout = 'The index does not hold the answer to "who?".\n';
    expect(recorded).toEqual({ exitCode: 0, stdout, stderr: "" });
  });

  test("says that full-text search found nothing where no vector was searched", async () => {
    const question = `who ${"is ".repeat(100)}?`;
    const why = { mode: "text", pending: 2, degraded: "the key was refused" } as const;
    const found = { ...ANSWER(question), ...nothing, ...why };
    const useCases = { ask: async () => found };
    const { stdout } = await record(["ask", question], { cwd: "/", useCases });
    expect(stdout).toMatch(
      /^Full-text search found no passage for "who is is [is ]*…"\.\n\nNote: the key was refused\nNote: 2 chunks wait for a vector \(searches use an old one, or words only\)\n$/u,
    );
    expect(stdout.length).toBeLessThan(280);
  });

  test("says so in a line of its own where something was shown before", async () => {
    const ask: UseCases["ask"] = async ({ question, onText }) => {
      onText?.("Perhaps, \u202Eso it is.");
      return { ...ANSWER(question), ...nothing };
    };
    const { stdout } = await record(["ask", "who?"], { cwd: "/", useCases: { ask } });
    expect(stdout).toBe('Perhaps, so it is.\nThe index does not hold the answer to "who?".\n');
  });

  test("that breaks off keeps what came, ends its line and with 1", async () => {
    const ask: UseCases["ask"] = ({ onText }) => {
      onText?.("Run the");
      return Promise.reject(new SiteragError("UNAVAILABLE", "overloaded"));
    };
    const recorded = await record(["ask", "who?"], { cwd: "/", useCases: { ask } });
    expect(recorded).toEqual({
      exitCode: 1,
      stdout: "Run the\n",
      stderr: "siterag: overloaded\n",
    });
  });
});

describe("index", () => {
  test("ends with 1 when a chunk failed, and names it", async () => {
    const cwd = await folderWith({});
    const indexSite = indexWith({ ...REPORT, failures: ["a.md › Usage: too long"] });
    const plain = await record(["index"], { cwd, useCases: { indexSite } });
    expect(plain.exitCode).toBe(1);
    expect(plain.stderr).toContain("warning: a.md › Usage: too long\n");
    const json = await record(["index", "--json"], { cwd, useCases: { indexSite } });
    expect(json).toMatchObject({ exitCode: 1, stderr: "" });
    const printed: unknown = JSON.parse(json.stdout);
    expect(printed).toMatchObject({ warnings: ["a.md: odd", "a.md › Usage: too long"] });
    expect(printed).not.toHaveProperty("failures");
  });

  test.each([
    [{ individualCalls: 0, averageLatencyMs: null }, null],
    [
      { individualCalls: 4, averageLatencyMs: null, retries: 3, errors: 1, poolUtilisation: null },
      "Calls: no answers, 3 retries, 1 failed.",
    ],
    [
      { averageLatencyMs: 1234, textsPerCall: 1, retries: 2, errors: 1, longestQueue: 1004 },
      "Calls: 1.2 s on average, 1 text each, 2 retries, 1 failed, 20 % of call slots used, up to 1,004 waiting.",
    ],
  ])("with the metrics %j it tells of its calls: %s", async (metrics, line) => {
    const cwd = await folderWith({});
    const indexSite = indexWith({ ...REPORT, metrics: { ...METRICS, ...metrics } });
    const { stdout } = await record(["index"], { cwd, useCases: { indexSite } });
    expect(stdout.split("\n").find((some) => some.startsWith("Calls:")) ?? null).toBe(line);
  });

  test.each([
    [
      0.003,
      "Sending everything as batch jobs would have saved $0.003 and taken about 60 s longer.",
    ],
    [0, null],
    [null, null],
  ])("where jobs alone would have saved %j it says: %s", async (saved, line) => {
    const cwd = await folderWith({});
    const metrics = {
      ...METRICS,
      extraCostVsBatchUsd: saved,
      secondsSavedAgainstAlwaysBatch: 60,
    };
    const indexSite = indexWith({ ...REPORT, metrics });
    const { stdout } = await record(["index"], { cwd, useCases: { indexSite } });
    const told = stdout.split("\n").find((some) => some.startsWith("Sending everything"));
    expect(told ?? null).toBe(line);
  });

  test("draws a bar on a terminal and takes it away again", async () => {
    const cwd = await folderWith({});
    const { stderr } = await record(["index"], { cwd, isTTY: true, useCases: USE_CASES });
    expect(stderr).toContain(
      `\r\u001B[KEmbedding texts ${"█".repeat(15)}${"░".repeat(15)} 20/40\r`,
    );
    expect(stderr).toContain("\r\u001B[KWriting the index ");
    expect(stderr).toContain(" 0/1\r\u001B[K");
    expect(stderr.split("\r\u001B[K").at(-1)).toContain("a.md: odd\n");
  });

  test("cuts the bar to the width of the terminal", async () => {
    const cwd = await folderWith({});
    const { stderr } = await record(["index"], {
      cwd,
      isTTY: true,
      columns: 30,
      useCases: USE_CASES,
    });
    expect(stderr).toContain("\r\u001B[KEmbedding texts █████████████\r");
  });

  test("takes the bar away when the run fails", async () => {
    const cwd = await folderWith({});
    const { stderr } = await record(["index"], { cwd, isTTY: true, useCases: BROKEN });
    expect(stderr).toContain(" 1/2\r\u001B[K");
    expect(stderr.split("\r\u001B[K").at(-1)).toContain("broken");
  });
});

const planSaying = (report: Partial<PlanReport>): Partial<UseCases> => ({
  planSite: async () => ({ ...PLAN_REPORT, ...report }),
});

describe("index --dry-run", () => {
  test("with nothing to embed shows no roads", async () => {
    const cwd = await folderWith({});
    const profile = geminiProfile("gemini-embedding-001", 768, { tier: "tier1" });
    const useCases = planSaying({ plan: chooseStrategy([], BATCHING, { profile }) });
    const { stdout } = await record(["index", "--dry-run"], { cwd, useCases });
    expect(stdout).toContain("Plan: nothing to embed; the store has every vector.");
    expect(stdout).not.toContain("individual");
  });

  test("names the roads that a provider does not have, and the unfinished jobs", async () => {
    const cwd = await folderWith({});
    const profile = geminiProfile("gemini-embedding-001", 768, { tier: "free" });
    const plan = chooseStrategy(itemsOf(12), BATCHING, { profile });
    const useCases = planSaying({ plan, jobsOut: ["batches/1", "batches/2"] });
    const { stdout } = await record(["index", "--dry-run"], { cwd, useCases });
    expect(stdout).toMatch(/^ {2}batch +not offered by this provider$/mu);
    expect(stdout).toContain("Unfinished batch jobs: batches/1, batches/2.");
  });

  test("ends with 1 when a page could not be read", async () => {
    const cwd = await folderWith({});
    const useCases = planSaying({ failures: ["a.md: unreadable"] });
    const { exitCode, stdout } = await record(["index", "--dry-run", "--json"], { cwd, useCases });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ warnings: ["a.md: odd", "a.md: unreadable"] });
  });
});

describe("--batching-strategy", () => {
  const CONFIGURED = { ".siteragrc": "{ batching: { strategy: batch } }" };
  const variable = { SITERAG_BATCHING_STRATEGY: "auto" };
  const flag = ["--batching-strategy", "individual"];

  test.each([
    { what: "the flag", argv: flag, env: variable, strategy: "individual" },
    { what: "the variable", argv: [], env: variable, strategy: "auto" },
    {
      what: "the file, when the variable is empty",
      argv: [],
      env: { SITERAG_BATCHING_STRATEGY: "" },
      strategy: "batch",
    },
  ])("$what decides for index and its dry run", async ({ argv, env, strategy }) => {
    const cwd = await folderWith(CONFIGURED);
    const seen: string[] = [];
    const see = ({ config }: { config: ResolvedConfig }): void => {
      seen.push(config.batching.strategy);
    };
    const useCases: Partial<UseCases> = {
      indexSite: async (options) => {
        see(options);
        return REPORT;
      },
      planSite: async (options) => {
        see(options);
        return PLAN_REPORT;
      },
    };
    for (const command of [["index"], ["index", "--dry-run"]]) {
      await record([...command, ...argv], { cwd, env, useCases });
    }
    expect(seen).toEqual([strategy, strategy]);
  });

  test("is no flag of search: a question never waits for a job", async () => {
    const cwd = await folderWith({});
    const { exitCode, stderr } = await record(["search", "x", ...flag], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("unknown option '--batching-strategy'");
  });
});

test.each([
  [[], false],
  [["--key-optional"], true],
])("index %j may run without a key: %s", async (argv, isKeyOptional) => {
  const seen: unknown[] = [];
  const indexSite: UseCases["indexSite"] = async (options) => {
    seen.push(options.isKeyOptional);
    return REPORT;
  };
  await record(["index", ...argv], { cwd: await folderWith({}), useCases: { indexSite } });
  expect(seen).toEqual([isKeyOptional]);
});

describe("search", () => {
  test("an empty answer says so and is no failure", async () => {
    const cwd = await folderWith({});
    const recorded = await record(["search", "zz"], { cwd, useCases: answer([], "no vectors") });
    expect(recorded).toEqual({
      exitCode: 0,
      stdout: 'Note: no vectors\nNothing found for "zz".\n',
      stderr: "",
    });
  });

  test("hits carry the promised keys and no other", async () => {
    const cwd = await folderWith({});
    const extra = { ...HIT, vector: [1], fingerprint: "f" };
    const { stdout } = await record(["search", "x", "--json"], {
      cwd,
      useCases: answer([extra], null),
    });
    const { hits }: { hits: readonly object[] } = JSON.parse(stdout);
    expect(hits.map((hit) => Object.keys(hit))).toEqual([
      ["url", "title", "headings", "text", "score", "page", "snippet", "scores"],
    ]);
  });

  test.each([
    { isTTY: true, env: {}, isColoured: true },
    { isTTY: true, env: { NO_COLOR: "" }, isColoured: true },
    { isTTY: true, env: { NO_COLOR: "1" }, isColoured: false },
    { isTTY: true, env: { TERM: "dumb" }, isColoured: false },
    { isTTY: false, env: {}, isColoured: false },
  ])("colours: $isColoured for terminal $isTTY and $env", async ({ isTTY, env, isColoured }) => {
    const cwd = await folderWith({});
    const { stdout } = await record(["search", "x"], { cwd, isTTY, env, useCases: USE_CASES });
    expect(stdout.includes("\u001B[")).toBe(isColoured);
  });
});

test("a similarity just below zero is shown as none", async () => {
  const page = { page: "a.md", url: "/a/", title: "A" };
  const useCases = { related: async () => [-0.001, -0.006].map((score) => ({ ...page, score })) };
  const { stdout } = await record(["related", "b.md"], { cwd: await folderWith({}), useCases });
  expect(stdout).toBe("0.00  A  /a/\n-0.01  A  /a/\n");
});

test("status says when there is no index yet", async () => {
  const cwd = await folderWith({});
  const { exitCode, stdout } = await record(["status"], { cwd, useCases: UNINDEXED });
  expect(exitCode).toBe(0);
  expect(stdout).toContain("none yet; run `siterag index`");
});

test("--config names the file, before the command or after it", async () => {
  const cwd = await folderWith({ "sub/a.json": '{ "store": { "index": "mine" } }' });
  for (const argv of [
    ["--config", "sub/a.json", "--json", "status"],
    ["status", "--json", "--config", "sub/a.json"],
  ]) {
    const { stdout } = await record(argv, { cwd, useCases: UNINDEXED });
    expect(JSON.parse(stdout)).toMatchObject({
      config: join(cwd, "sub/a.json"),
      store: { index: "mine", uri: join(cwd, "sub/.siterag/db") },
    });
  }
});
