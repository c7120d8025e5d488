import { expect, test } from "vitest";
import { cutLines } from "../../src/sending/cut-lines.ts";
import { EventSource } from "../../src/sending/events.ts";
import { tellingSpeed } from "../../src/sending/throughput.ts";
import { localProfile } from "../../src/providers/local/local-profile.ts";

const set = (texts: number) =>
  ({
    type: "batch_generated",
    total: texts,
    texts,
    tokens: texts * 100,
    inputTokens: texts * 100,
    outputTokens: 0,
    costUsd: 0,
    calls: 1,
    jobs: 0,
    retries: 0,
    cacheHits: 0,
    pending: 0,
    served: texts,
    durationMs: 500,
    alwaysBatch: null,
    averageLatencyMs: 500,
    pool: null,
  }) as const;

test.each([
  {
    what: "two sets",
    sets: [10, 20],
    here: true,
    lines: ["30 texts", "30 texts/s, 3,000 tokens/s."],
  },
  { what: "one text", sets: [1], here: true, lines: null },
  { what: "no set", sets: [], here: true, lines: null },
  { what: "a service", sets: [10, 20], here: false, lines: null },
])("the speed of $what", async ({ here, lines, sets }) => {
  const events = new EventSource();
  const told: string[] = [];
  const client = { events, profile: { ...localProfile, isOnThisMachine: here } };
  const tell = (line: string) => told.push(line);
  const value = await tellingSpeed(client, tell, async () => {
    // The last set ends after the work has its answers.
    const [first, ...others] = sets.map(set);
    if (first !== undefined) events.emit(first);
    queueMicrotask(() => others.forEach((one) => events.emit(one)));
    return 7;
  });
  expect(value).toBe(7);
  const expected = `${lines?.[0]} embedded on this machine in 1.0 s: ${lines?.[1]}`;
  expect(told).toEqual(lines === null ? [] : [expected]);
  events.emit(set(5));
  expect(told).toHaveLength(lines === null ? 0 : 1);
});

test("each text that is cut is a warning", () => {
  const lines: string[] = [];
  const texts = [
    { name: "“A › B”", tokens: 1300 },
    { name: "“C”", tokens: 513 },
  ];
  const listen = cutLines((line) => lines.push(line));
  listen({ type: "texts_cut", model: "mine", contextTokens: 512, texts });
  listen(set(3));
  expect(lines).toEqual([
    "“A › B” has 1,300 tokens, and mine reads 512: its vector knows nothing of the rest. A lower chunking.maxTokens makes smaller chunks.",
    expect.stringMatching(/^“C” has 513 tokens, /u),
  ]);
});
