import { expect, test } from "vitest";
import type { EmbeddingRequest } from "../../../src/words/types.ts";
import { geminiHarness } from "./gemini-harness.ts";

const byCalls = { forceIndividual: true } as const;

/** What is sent for some requests. */
const SENT: readonly (readonly [string, readonly EmbeddingRequest[], readonly string[]])[] = [
  [
    "a title is not the beginning of a text",
    [{ title: "A", text: "B" }, { text: "A\n\nB" }],
    ["title: A | text: B", "title: none | text: A\n\nB"],
  ],
  [
    "a title ends where it ends",
    [
      { title: "A", text: "B\n\nC" },
      { title: "A\n\nB", text: "C" },
    ],
    ["title: A | text: B\n\nC", "title: A\n\nB | text: C"],
  ],
  ["an empty title is none", [{ title: "", text: "A" }, { text: "A" }], ["title: none | text: A"]],
  [
    "the title of a query counts for nothing",
    [
      { title: "A", text: "B", taskType: "RETRIEVAL_QUERY" },
      { title: "C", text: "B", taskType: "RETRIEVAL_QUERY" },
    ],
    ["task: search result | query: B"],
  ],
  [
    "a text for two tasks is two",
    [{ text: "A" }, { text: "A", taskType: "CLUSTERING" }],
    ["title: none | text: A", "task: clustering | query: A"],
  ],
];

test.each(SENT)("%s", async (_what, requests, sent) => {
  const { client, emulator } = await geminiHarness();
  const { results } = await client.embedContent(requests, byCalls);
  expect(emulator.seen.texts.toSorted()).toEqual(sent.toSorted());
  expect(results.map(({ status }) => status)).toEqual(["ok", "ok"]);
});

test("the older model gets no title of a query either", async () => {
  const { client, emulator } = await geminiHarness({ model: "gemini-embedding-001" });
  await client.embedText("B", { title: "A", taskType: "RETRIEVAL_QUERY" });
  expect(emulator.seen.texts).toEqual(["B"]);
});
