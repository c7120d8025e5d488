import { describe, expect, test } from "vitest";
import { loadConfig } from "../../src/providers/load-config.ts";
import type { SiteragConfig } from "../../src/config/schema.ts";
import { folderWith } from "../support/temporary-folder.ts";

async function messageFor(given: unknown, overrides?: SiteragConfig): Promise<string> {
  const cwd = await folderWith({ ".siteragrc.json": JSON.stringify(given) });
  const loading = loadConfig({ cwd, ...(overrides === undefined ? {} : { overrides }) });
  const error: unknown = await loading.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "CONFIG_INVALID" });
  return error instanceof Error ? error.message : "";
}

describe("an unknown key is refused with the nearest valid one", () => {
  test.each([
    [{ maxTokens: 3 }, "maxTokens: unknown key; did you mean chunking.maxTokens?"],
    [
      { chunking: { max_tokens: 3 } },
      "chunking.max_tokens: unknown key; did you mean chunking.maxTokens?",
    ],
    [{ contents: {} }, "contents: unknown key; did you mean content?"],
    [{ content: { rot: "x" } }, "content.rot: unknown key; did you mean content.root?"],
    [{ content: { index: "x" } }, "content.index: unknown key; did you mean store.index?"],
    [
      { batching: { stratgy: "auto" } },
      "batching.stratgy: unknown key; did you mean batching.strategy?",
    ],
    [{ embedding: { modle: "x" } }, "embedding.modle: unknown key; did you mean embedding.model?"],
    [
      { embedding: { provider: "mock", zzz: 1 } },
      "embedding.zzz: unknown key; the keys here are provider, model, dimensions",
    ],
    [
      { search: { zzz: 1 } },
      "search.zzz: unknown key; the keys here are mode, limit, queries, minScore, weights, questions",
    ],
    [
      { embedding: { apiKey: "x" } },
      "embedding.apiKey: keys do not belong into files; set GEMINI_API_KEY",
    ],
    [
      { qqqq: 1 },
      "qqqq: unknown key; the keys here are content, chunking, embedding, generation, limits, batching, calls, budget, coalesce, store, queries, search, build, dev",
    ],
  ])("%j", async (given, expected) => {
    expect(await messageFor(given)).toBe(`.siteragrc.json: ${expected}`);
  });
});

describe("a wrong value is refused with what was expected and what was given", () => {
  test.each([
    [{ content: { root: 3 } }, "content.root: expected a string, got 3"],
    [{ content: { root: "" } }, 'content.root: expected at least 1 character, got ""'],
    [{ content: { locales: { fr: 3 } } }, "content.locales.fr: expected a string, got 3"],
    [
      { content: { paths: "docs" } },
      'content.paths: expected an object with folders as keys, got "docs"',
    ],
    [{ content: { include: [] } }, "content.include: expected at least 1 entry, got an empty list"],
    [{ content: { include: "a" } }, 'content.include: expected a list, got "a"'],
    [{ chunking: 5 }, "chunking: expected a section of settings, got 5"],
    [{ store: null }, "store: expected a section of settings, got null"],
    [{ chunking: { maxTokens: "512" } }, 'chunking.maxTokens: expected a number, got "512"'],
    [{ embedding: { dimensions: 1.5 } }, "embedding.dimensions: expected a whole number, got 1.5"],
    [{ batching: { textsPerCall: 101 } }, "batching.textsPerCall: expected at most 100, got 101"],
    [{ search: { limit: {} } }, "search.limit: expected a number, got an object"],
    [
      { batching: { strategy: "fast" } },
      'batching.strategy: expected one of "auto", "batch", "individual", got "fast"',
    ],
    [
      { batching: { preferIndividualFor: ["x"] } },
      'batching.preferIndividualFor[0]: expected one of "index", "rag_query", "quick_enrichment", got "x"',
    ],
    [
      { embedding: { model: "a b" } },
      'embedding.model: expected letters, digits, dots, dashes, got "a b"',
    ],
    [
      { embedding: { model: "gemini-3" } },
      'embedding.model: expected one of gemini-embedding-2, gemini-embedding-001 with the provider gemini, got "gemini-3"',
    ],
    [
      { embedding: { dimensions: 64 } },
      "embedding.dimensions: expected at least 128 with the provider gemini, got 64",
    ],
    [
      { embedding: { dimensions: -1.5 } },
      "embedding.dimensions: expected a whole number, got -1.5",
    ],
    [
      { embedding: { model: "gemini-embedding-001" }, chunking: { maxTokens: 4096 } },
      "chunking.maxTokens: expected at most 2048 (gemini-embedding-001 reads 2048), got 4096",
    ],
    [
      {
        embedding: { model: "gemini-embedding-001" },
        chunking: { maxTokens: 2000 },
        generation: { model: "m", enrich: "context" },
      },
      "chunking.maxTokens: expected at most 1948 (gemini-embedding-001 reads 2048, 100 of them for a sentence of context), got 2000",
    ],
    [
      { generation: { enrich: "context" } },
      'generation.enrich: expected "off" unless generation.model names a model, got "context"',
    ],
    [
      { generation: { model: "m", enrich: "context" }, budget: { maxCostUsd: 1 } },
      "budget.maxCostUsd: expected null unless generation names both prices, got 1",
    ],
    [
      { chunking: { maxTokens: 100, overlapTokens: 60 } },
      "chunking.overlapTokens: expected at most half of chunking.maxTokens (100), got 60",
    ],
    [
      { embedding: { provider: "gemma" } },
      'embedding.provider: expected one of "gemini", "mock", "local", "none", got "gemma"',
    ],
    [
      { embedding: { provider: "mock", dimensions: 4 } },
      "embedding.dimensions: expected at least 8, got 4",
    ],
    [{ embedding: { dimensions: 4000 } }, "embedding.dimensions: expected at most 3072, got 4000"],
    [{ embedding: "mock" }, 'embedding: expected a section of settings, got "mock"'],
    [{ calls: { timeoutMs: 0 } }, "calls.timeoutMs: expected at least 1, got 0"],
    [{ calls: { maxRetries: 1.5 } }, "calls.maxRetries: expected a whole number, got 1.5"],
    [{ calls: { jitter: 1.5 } }, "calls.jitter: expected at most 1, got 1.5"],
    [
      { calls: { initialBackoffMs: 2000, maxBackoffMs: 1000 } },
      "calls.initialBackoffMs: expected at most calls.maxBackoffMs (1000), got 2000",
    ],
    [
      { content: { from: "html" } },
      'content.site: expected the folder of the built site, because content.from is "html", got nothing',
    ],
    [
      { content: { from: "markdown" } },
      'content.from: expected one of "source", "html", got "markdown"',
    ],
    [{ queries: { keepLatest: -1 } }, "queries.keepLatest: expected at least 0, got -1"],
  ])("%j", async (given, expected) => {
    expect(await messageFor(given)).toBe(`.siteragrc.json: ${expected}`);
  });

  test("a long string is shown in part", async () => {
    const message = await messageFor({ search: { mode: "x".repeat(500) } });
    expect(message).toMatch(/got "x{40}…"$/);
  });
});

test("all problems are told at once, one a line", async () => {
  const message = await messageFor({ content: { rot: 1, root: 2 }, nope: {}, search: [] });
  expect(message.split("\n")).toHaveLength(4);
});

test("a problem in the options is not blamed on the file", async () => {
  const message = await messageFor({ search: { limit: 0 } }, { chunking: { maxTokens: 1 } });
  expect(message.split("\n")).toEqual([
    "options: chunking.maxTokens: expected at least 32, got 1",
    ".siteragrc.json: search.limit: expected at least 1, got 0",
  ]);
});
