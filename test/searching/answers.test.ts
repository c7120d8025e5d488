import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { answerQueries } from "../../src/searching/answers.ts";
import type { ClientEvent } from "../../src/sending/events.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { MOCK_LATENCY, mockProfile } from "../../src/providers/mock/mock-profile.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { search, searchAll } from "../../src/searching/search.ts";
import { readStatus } from "../../src/upkeep/status.ts";
import type { EmbeddingResult } from "../../src/words/types.ts";
import { docsSite } from "../support/docs-site.ts";
import type { DocsSite } from "../support/docs-site.ts";

const PAGES = {
  "tomato.md": "# Tomatoes\n\nWater the tomatoes in the morning.\n",
  "bees.md": "# Bees\n\nBees sleep in winter.\n",
};
const queries = ["when to water tomatoes", "do bees sleep"];

async function indexedSite(): Promise<DocsSite> {
  const site = await docsSite(PAGES, { search: { queries } });
  await indexSite({ config: site.config });
  return site;
}

const filesOf = async ({ folder }: DocsSite): Promise<string[]> =>
  (await readdir(join(folder, "db"), { recursive: true })).sort();

const ZERO = { status: "ok", vector: new Float32Array(768), route: "individual" } as const;

class BrokenClient extends MockGeminiClient {
  readonly #answer: () => Promise<EmbeddingResult>;

  constructor(answer: () => Promise<EmbeddingResult>) {
    super();
    this.#answer = answer;
  }

  override embed(): Promise<EmbeddingResult> {
    return this.#answer();
  }
}

describe("answering a build's queries", () => {
  it("answers each in order, all embedded in one call", async () => {
    const { config } = await indexedSite();
    const client = new MockGeminiClient();
    const { answers, sent } = await answerQueries({ config, client });
    expect(client.calls).toEqual([queries]);
    expect(sent).toBe(2);
    expect(answers.map(({ query, hits }) => [query, hits[0]?.page])).toEqual([
      ["when to water tomatoes", "tomato.md"],
      ["do bees sleep", "bees.md"],
    ]);
  });

  it("makes no call and writes nothing when the same list is asked again", async () => {
    const site = await indexedSite();
    const first = await answerQueries({ config: site.config });
    const before = await filesOf(site);
    const client = new MockGeminiClient();
    const second = await answerQueries({ config: site.config, client });
    expect(client.calls).toEqual([]);
    expect(second).toEqual({ answers: first.answers, sent: 0 });
    expect(await filesOf(site)).toEqual(before);
  });

  it("sends new queries alone, and equal ones once", async () => {
    const { config } = await indexedSite();
    await answerQueries({ config });
    const client = new MockGeminiClient();
    const more = [...queries, "honey", "honey "];
    const { answers } = await answerQueries({ config, client, queries: more });
    expect(client.calls.flat().map((text) => text.trim())).toEqual(["honey"]);
    expect(answers).toHaveLength(4);
  });

  it("spares a search the call for a query that the build knows", async () => {
    const { config } = await indexedSite();
    await answerQueries({ config });
    const client = new MockGeminiClient();
    const known = await search({ config, query: "do bees sleep", client });
    expect(client.calls).toEqual([]);
    expect(known.degraded).toBeNull();
    await search({ config, query: "something else", client });
    expect(client.calls).toEqual([["something else"]]);
  });

  it("makes no call in text mode", async () => {
    const site = await indexedSite();
    const config = site.withConfig({ search: { queries, mode: "text" } });
    const client = new MockGeminiClient();
    const { answers } = await answerQueries({ config, client });
    expect(client.calls).toEqual([]);
    expect(answers.map(({ mode, degraded }) => [mode, degraded])).toEqual([
      ["text", null],
      ["text", null],
    ]);
  });

  it.each([
    ["fail", new MockGeminiClient({ failOn: () => true })],
    ["make the client give up", new BrokenClient(() => Promise.reject(new Error("no network")))],
    ["come back as something else", new BrokenClient(() => Promise.resolve({ ...ZERO }))],
  ])("answers by full text and says why when queries %s, and asks again", async (_what, client) => {
    const { config } = await indexedSite();
    const { answers } = await answerQueries({ config, client });
    for (const answer of answers) {
      expect(answer).toMatchObject({
        mode: "text",
        degraded: expect.stringContaining("could not be embedded"),
      });
      expect(answer.hits).not.toEqual([]);
    }
    const recovered = await answerQueries({ config });
    expect(recovered.answers.map(({ degraded }) => degraded)).toEqual([null, null]);
  });

  it("sends the others when one query is too long, and counts what was sent", async () => {
    const { config } = await indexedSite();
    const profile = { ...mockProfile(MOCK_LATENCY), textTokens: 40 };
    const client = new MockGeminiClient({ profile });
    const long = "tomatoes ".repeat(100);
    const { answers, sent } = await answerQueries({ config, client, queries: [long, ...queries] });
    expect(client.calls).toEqual([queries]);
    expect(sent).toBe(2);
    expect(answers.map(({ mode, degraded }) => [mode, degraded])).toEqual([
      ["text", expect.stringContaining("is too long")],
      ["hybrid", null],
      ["hybrid", null],
    ]);
    const found = await searchAll({ config, client, queries: [long, "honey"] });
    expect(found.map(({ mode }) => mode)).toEqual(["text", "hybrid"]);
  });

  it("never waits for a batch job, whatever the configuration prefers", async () => {
    const { config } = await indexedSite();
    const batching = { strategy: "batch", preferIndividualFor: [] } as const;
    const client = new MockGeminiClient({ batching });
    await answerQueries({ config, client });
    expect(client).toMatchObject({ calls: [queries], jobs: [] });
  });

  it("learns no more queries than fit below the cutoff, and answers the others by full text", async () => {
    const site = await indexedSite();
    const more = [...queries, "honey", "wax"];
    const config = site.withConfig({ search: { queries: more }, queries: { cutoffAfter: 3 } });
    const client = new MockGeminiClient();
    const events: ClientEvent[] = [];
    client.events.listen((event) => events.push(event));
    const first = await answerQueries({ config, client });
    expect(client.calls).toEqual([more.slice(0, 3)]);
    const reason = expect.stringMatching(/^queries\.cutoffAfter is 3 and the store has 3 queries/u);
    expect(first.answers.map(({ degraded }) => degraded)).toEqual([null, null, null, reason]);
    expect(events).toContainEqual({ type: "cutoff", learned: 3, queries: 1 });
    expect(await readStatus({ config })).toMatchObject({ learnedQueries: 3 });
    const before = await filesOf(site);
    const again = await answerQueries({ config, client: new MockGeminiClient() });
    expect(again).toEqual({ answers: first.answers, sent: 0 });
    expect(await filesOf(site)).toEqual(before);
    const reader = new MockGeminiClient();
    const found = await searchAll({ config, client: reader, queries: ["honey", "wax", "hives"] });
    expect(found.map(({ degraded }) => degraded)).toEqual([null, reason, reason]);
    expect(reader.calls).toEqual([]);
    const below = site.withConfig({ queries: { cutoffAfter: 4 } });
    await searchAll({ config: below, client: reader, queries: ["wax", "hives"] });
    expect(reader.calls).toEqual([["wax", "hives"]]);
    const other = new MockGeminiClient({ model: "another" });
    await indexSite({ config, client: other });
    await answerQueries({ config, client: other, queries: ["honey"] });
    expect(other.calls.at(-1)).toEqual(["honey"]);
  });

  it.each([
    { keepLatest: 0, learnedQueries: 1 },
    { keepLatest: 1, learnedQueries: 2 },
    { keepLatest: 2, learnedQueries: 3 },
  ])("keeps $keepLatest queries of earlier builds", async ({ keepLatest, learnedQueries }) => {
    const site = await indexedSite();
    const config = site.withConfig({ queries: { keepLatest } });
    for (const list of [queries, ["honey"]]) await answerQueries({ config, queries: list });
    expect(await readStatus({ config })).toMatchObject({ learnedQueries });
  });

  it("comes to a cutoff beyond what it would remember otherwise", async () => {
    const site = await indexedSite();
    const config = site.withConfig({ queries: { cutoffAfter: 14, keepLatest: 2 } });
    const client = new MockGeminiClient();
    const listOf = (name: string): string[] => Array.from({ length: 4 }, (_, at) => name + at);
    const sent: number[] = [];
    for (const name of ["bee", "wax", "hive", "comb"]) {
      sent.push((await answerQueries({ config, client, queries: listOf(name) })).sent);
    }
    expect(sent).toEqual([4, 4, 4, 2]);
  });

  it("has two builds at once share the room below the cutoff, and tells each cut once", async () => {
    const site = await indexedSite();
    const config = site.withConfig({ queries: { cutoffAfter: 3 } });
    const client = new MockGeminiClient();
    const cutoffs: ClientEvent[] = [];
    client.events.listen((event) => cutoffs.push(...(event.type === "cutoff" ? [event] : [])));
    const lists = [queries, ["honey", "wax"]];
    const builds = await Promise.all(
      lists.map((list) => answerQueries({ config, client, queries: list })),
    );
    expect(new Set(builds.map(({ sent }) => sent))).toEqual(new Set([1, 2]));
    expect(cutoffs).toEqual([{ type: "cutoff", learned: 3, queries: 1 }]);
  });

  it("answers by full text when the index is of another model", async () => {
    const { config } = await indexedSite();
    const client = new MockGeminiClient({ model: "another" });
    const { answers } = await answerQueries({ config, client });
    expect(client.calls).toEqual([]);
    expect(answers[0]?.degraded).toContain("the index was built with");
  });
});
