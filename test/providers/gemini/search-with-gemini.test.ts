import { expect, onTestFinished, test } from "vitest";
import { answerQueries } from "../../../src/searching/answers.ts";
import { indexSite } from "../../../src/indexing/index-site.ts";
import { search } from "../../../src/searching/search.ts";
import { Secret } from "../../../src/words/secret.ts";
import { startEmulator } from "../../support/emulator/emulator.ts";
import { docsSite } from "../../support/docs-site.ts";
import { geminiHarness } from "./gemini-harness.ts";

async function indexed(options: Parameters<typeof geminiHarness>[0] = {}) {
  const embedding = { provider: "gemini", dimensions: 128 } as const;
  const { config } = await docsSite({ "guide.md": "# Guide\n\nRun it.\n" }, { embedding });
  const harness = await geminiHarness(options);
  const { client, clock } = harness;
  await indexSite({ config, client, clock });
  return { ...harness, config };
}

test.each([{ name: "hang" }, { name: "rate-limited", retryDelaySeconds: 33 }] as const)(
  "a search that meets $name answers by full text within ten seconds, and says why",
  async (fault) => {
    const { client, clock, config, emulator } = await indexed();
    emulator.addFault(fault);
    const started = clock.now();
    const answer = await search({ config, client, query: "run it" });
    expect(clock.now() - started).toBe(10_000);
    expect(answer.hits[0]?.page).toBe("guide.md");
    expect(answer.degraded).toMatch(/could not be embedded: The deadline passed/u);
  },
);

test("a search that is aborted fails no other of its set", async () => {
  const { client, config, emulator } = await indexed();
  const { calls } = emulator.seen;
  const stop = new AbortController();
  const aborted = search({ config, client, query: "stop it", signal: stop.signal });
  const other = search({ config, client, query: "run it" });
  client.events.listen(({ type }) => {
    if (type === "flush") stop.abort();
  });
  await expect(aborted).rejects.toThrow(/abort/u);
  expect(await other).toMatchObject({ mode: "hybrid", degraded: null });
  expect(emulator.seen.calls).toBe(calls + 1);
});

test("beyond the cutoff a learned query is known, another is cut off, and neither is sent", async () => {
  const { client, clock, emulator, ...indexedSite } = await indexed();
  const config = { ...indexedSite.config, queries: { cutoffAfter: 1, keepLatest: 200 } };
  const learned = "run it";
  const first = await answerQueries({ config, client, clock, queries: [learned, "stop it"] });
  client.clearCache();
  const { calls } = emulator.seen;
  const found = await Promise.all(
    [learned, "stop it"].map((query) => search({ config, client, query })),
  );
  const degraded = expect.stringMatching(/^queries\.cutoffAfter is 1 and the store has 1 query/u);
  const expected = [
    { mode: "hybrid", degraded: null },
    { mode: "text", degraded },
  ];
  expect(first).toMatchObject({ sent: 1, answers: expected });
  expect(found).toMatchObject(expected);
  expect(emulator.seen.calls).toBe(calls);
});

test("a build's answers wait for the limits of a minute", async () => {
  const { client, clock, config, emulator } = await indexed();
  emulator.addFault({ name: "rate-limited", retryDelaySeconds: 33, times: 1 });
  const { answers } = await answerQueries({ config, client, clock, queries: ["run it"] });
  expect(answers).toMatchObject([{ mode: "hybrid", degraded: null }]);
});

test("thirty searches at once make three calls of ten", async () => {
  const { client, config, emulator } = await indexed({ coalesce: { maxTexts: 10 } });
  const { calls } = emulator.seen;
  const queries = Array.from({ length: 30 }, (_, at) => `how to run number ${at}`);
  const answers = await Promise.all(
    queries.map((query) => search({ config, client, query, mode: "vector" })),
  );
  expect(emulator.seen.calls).toBe(calls + 3);
  expect(answers.map(({ query, degraded }) => [query, degraded])).toEqual(
    queries.map((query) => [query, null]),
  );
});

test("searches by one configuration share a client, and so a call", async () => {
  const embedding = { provider: "gemini", dimensions: 128 } as const;
  const site = await docsSite({ "guide.md": "# Guide\n\nRun it.\n" }, { embedding });
  const { key, url, ...emulator } = await startEmulator();
  onTestFinished(() => emulator.close());
  const config = { ...site.config, access: { apiKey: new Secret(key), baseUrl: url } };
  await indexSite({ config });
  const before = emulator.requests.length;
  await Promise.all(["run it", "stop it", "kill it"].map((query) => search({ config, query })));
  expect(emulator.requests).toHaveLength(before + 1);
});
