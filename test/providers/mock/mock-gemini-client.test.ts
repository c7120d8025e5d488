import { expect, test } from "vitest";
import { MockGeminiClient } from "../../../src/providers/mock/mock-gemini-client.ts";
import { MockJobs } from "../../../src/providers/mock/mock-jobs.ts";
import { mockVector } from "../../../src/providers/mock/mock-vector.ts";
import { createVirtualClock } from "../../../src/words/virtual-clock.ts";

test("its space names it, its model, its dimensions and its form", () => {
  expect(new MockGeminiClient().space).toEqual({
    provider: "mock",
    model: "mock-embedding",
    dimensions: 768,
    taskForm: "hashed-words-3",
  });
  const own = new MockGeminiClient({ dimensions: 8, model: "mine" });
  expect(own.space).toMatchObject({ dimensions: 8, model: "mine" });
});

const TWELVE = "abcdefghijkl".split("");

const requests = (...texts: readonly string[]) => texts.map((text) => ({ text }));

test("it returns the vectors of its texts, and keeps calls and jobs", async () => {
  const client = new MockGeminiClient({ dimensions: 16, clock: createVirtualClock() });
  const { results } = await client.embedContent(requests("a", "b", "c", "d", "e"));
  expect(results).toEqual(
    ["a", "b", "c", "d", "e"].map((text, at) => ({
      status: "ok",
      vector: mockVector(text, 16),
      route: at < 3 ? "individual" : "batch",
    })),
  );
  expect(client.calls).toEqual([["a", "b", "c"]]);
  expect(client.jobs).toEqual([["d", "e"]]);
});

test("with keepCalls off it keeps neither calls nor jobs", async () => {
  const client = new MockGeminiClient({ keepCalls: false, clock: createVirtualClock() });
  await client.embedContent(requests("a", "b", "c", "d", "e"));
  expect([client.calls, client.jobs]).toEqual([[], []]);
});

test.for([
  { road: "its call", force: { forceIndividual: true }, failed: ["c", "d"] },
  { road: "its row of a job", force: { forceBatch: true }, failed: ["c"] },
])("a text that failOn names fails $road alone", async ({ force, failed }) => {
  const client = new MockGeminiClient({
    failOn: (text) => text === "c",
    batching: { textsPerCall: 2 },
    clock: createVirtualClock(),
  });
  const texts = ["a", "b", "c", "d", "e"];
  const options = { ...force, onError: "collect" } as const;
  const { results } = await client.embedContent(requests(...texts), options);
  for (const [at, text] of texts.entries()) {
    expect(results[at]).toMatchObject(
      failed.includes(text)
        ? { status: "failed", error: { code: "EMBEDDING_FAILED" } }
        : { status: "ok" },
    );
  }
});

test("without batch jobs everything goes by calls, and the decision says so", async () => {
  const clock = createVirtualClock();
  const { profile } = new MockGeminiClient();
  const client = new MockGeminiClient({ clock, profile: { ...profile, batch: null } });
  const reasons: string[] = [];
  const logger = { info: (text: string) => reasons.push(text), warn: () => undefined };
  await client.embedContent(requests(...TWELVE), { logger });
  expect(client.calls).toHaveLength(1);
  expect(client.jobs).toEqual([]);
  expect(reasons).toEqual([expect.stringContaining("this provider has no batch jobs")]);
});

test("a job is pending, then running, then in its end state", () => {
  const clock = createVirtualClock();
  const jobs = new MockJobs(clock, 100);
  const good = jobs.create("", [], "SUCCEEDED");
  const bad = jobs.create("", [], "EXPIRED");
  const endless = jobs.create("", [], null);
  const states = () => [good, bad, endless].map((name) => jobs.status(name)?.state);
  expect(states()).toEqual(["PENDING", "PENDING", "PENDING"]);
  clock.advance(50);
  expect(states()).toEqual(["RUNNING", "RUNNING", "RUNNING"]);
  clock.advance(50);
  expect(states()).toEqual(["SUCCEEDED", "EXPIRED", "RUNNING"]);
});

test("a job returns its rows in another order, each time it is asked", () => {
  const jobs = new MockJobs(createVirtualClock(), 0);
  const rows = ["a", "b"].map((key) => ({ key, output: { vector: new Float32Array(2) } }));
  const name = jobs.create("work", rows, "SUCCEEDED");
  expect(jobs.rows(name).map(({ key }) => key)).toEqual(["b", "a"]);
  expect(jobs.rows(name)).toHaveLength(2);
  expect(jobs.rows("batches/other")).toEqual([]);
});

test("a job is found by its display name, and a cancelled one has no rows", () => {
  const jobs = new MockJobs(createVirtualClock(), 100);
  const rows = [{ key: "a", output: { vector: new Float32Array(2) } }];
  const name = jobs.create("work", rows, "SUCCEEDED");
  jobs.create("other work", rows, "SUCCEEDED");
  expect(jobs.find("work")).toEqual([{ name, displayName: "work", createdAt: 0, end: null }]);
  jobs.cancel(name);
  expect(jobs.status(name)).toMatchObject({ state: "CANCELLED", end: "CANCELLED" });
  expect(jobs.rows(name)).toEqual([]);
});

test("on the system clock a job takes only a moment", async () => {
  const started = performance.now();
  await new MockGeminiClient({ keepCalls: false }).embedContent(requests(...TWELVE));
  expect(performance.now() - started).toBeLessThan(2000);
});
