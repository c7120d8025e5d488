import { describe, expect, test } from "vitest";
import type { GenerationFault } from "../support/emulator/fault-names.ts";
import { openEmulator } from "./open-emulator.ts";
import { uploadFile } from "./send-job.ts";

const MODEL = "gemini-3.8-flash";
const ASKED = { model: MODEL, contents: "hi" };
const PATH = `/v1beta/models/${MODEL}`;
const writes = { answer: () => "Hi there, all of you [1]." };

async function streamed(...faults: readonly GenerationFault[]) {
  const { ai, emulator } = await openEmulator(writes);
  for (const name of faults) emulator.addFault({ name });
  const pieces: string[] = [];
  const reasons: string[] = [];
  const failure = await ai.models
    .generateContentStream(ASKED)
    .then(async (chunks) => {
      for await (const { text, candidates } of chunks) {
        pieces.push(text ?? "");
        reasons.push(candidates?.[0]?.finishReason ?? "");
      }
      return null;
    })
    .catch((error: unknown) => error);
  return { pieces, reasons, failure, emulator };
}

test("the SDK gets an answer and sends the recorded request", async () => {
  const { ai, emulator } = await openEmulator(writes);
  const config = { systemInstruction: "be brief", temperature: 0 };
  const answer = await ai.models.generateContent({ ...ASKED, config });
  expect(answer).toMatchObject({ text: "Hi there, all of you [1].", candidates: [{ index: 0 }] });
  expect(emulator.requests).toMatchObject([
    {
      path: `${PATH}:generateContent`,
      body: {
        contents: [{ parts: [{ text: "hi" }], role: "user" }],
        systemInstruction: { parts: [{ text: "be brief" }], role: "user" },
        generationConfig: { temperature: 0 },
      },
    },
  ]);
  expect(emulator.generation).toMatchObject({
    seen: { calls: 1, prompts: ["hi"] },
    billed: { calls: 1, requests: 1, duplicates: 0 },
  });
  expect(emulator.billed.calls).toBe(0);
});

test("a stream arrives in pieces that split words, the last with the finish reason", async () => {
  const { pieces, reasons, failure } = await streamed();
  expect(failure).toBeNull();
  expect(pieces).toEqual(["Hi ther", "e, all ", "of you ", "[1]."]);
  expect(reasons).toEqual(["", "", "", "STOP"]);
});

describe("a stream may end early", () => {
  test.each([
    ["answer-blocked", ["", "", "SAFETY"], null],
    ["answer-cut-short", ["", "", "MAX_TOKENS"], null],
    ["prompt-blocked", [""], null],
    ["stream-unfinished", ["", ""], null],
    ["stream-error", ["", ""], { name: "ApiError", status: 503 }],
    ["stream-cut", ["", ""], { name: "TypeError", message: "terminated" }],
  ] as const)("%s", async (fault, reasons, failure) => {
    const { emulator, ...seen } = await streamed(fault);
    expect(seen).toMatchObject({ reasons, failure });
    expect(emulator.generation.billed.calls).toBe(1);
  });
});

test.each([
  ["prompt-blocked", { promptFeedback: { blockReason: "SAFETY" } }],
  ["answer-blocked", { candidates: [{ finishReason: "SAFETY" }] }],
  ["answer-cut-short", { candidates: [{ finishReason: "MAX_TOKENS" }] }],
  ["answer-empty", { candidates: [{ content: { parts: [{ text: "" }] } }] }],
] as const)("an answer may be %s", async (name, body) => {
  const { emulator, send } = await openEmulator(writes);
  emulator.addFault({ name });
  const contents = [{ parts: [{ text: "hi" }] }];
  expect(await send("POST", `${PATH}:generateContent`, { contents })).toMatchObject({
    status: 200,
    body,
  });
});

test("quotas and refusals stop the work, and an embedding model generates nothing", async () => {
  const { emulator, send } = await openEmulator({ quota: { requestsPerMinute: 1 } });
  const body = { contents: [{ parts: [{ text: "hi" }] }], generation_config: { temperature: 1 } };
  const path = `${PATH}:streamGenerateContent?alt=sse`;
  const statuses = [];
  for (const one of [path, path, PATH.replace("3.8-flash", "embedding-2") + ":generateContent"]) {
    statuses.push((await send("POST", one, body)).status);
  }
  expect(statuses).toEqual([200, 429, 404]);
  expect(emulator.generation).toMatchObject({ seen: { calls: 2 }, billed: { calls: 1 } });
});

test("a job over a file of prompts answers each under its key and has its own bill", async () => {
  const open = await openEmulator({ answer: ({ prompt }) => `On ${prompt}.` });
  const { ai, clock, emulator, send } = open;
  emulator.addFault({ name: "answer-blocked", text: "p1" });
  emulator.addFault({ name: "row-failed", text: "p2" });
  const lines = ["p0", "p1", "p2"].map((prompt, at) => {
    const request = { contents: [{ role: "user", parts: [{ text: prompt }] }] };
    return `${JSON.stringify({ key: `k${at}`, request })}\n`;
  });
  const src = { fileName: await uploadFile(open, lines.join("")) };
  const { name = "", state } = await ai.batches.create({
    model: MODEL,
    src,
    config: { displayName: "g" },
  });
  expect(state).toBe("JOB_STATE_PENDING");
  await clock.sleep(60_000);
  const { body } = await send("GET", `/v1beta/${name}`);
  const responsesFile = `files/batch-${name.slice("batches/".length)}`;
  expect(body).toMatchObject({
    metadata: {
      "@type": "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch",
      batchStats: { requestCount: "3", successfulRequestCount: "2", failedRequestCount: "1" },
    },
    response: { responsesFile },
  });
  const output = await send("GET", `/v1beta/${responsesFile}:download?alt=media`);
  const rows = String(output.body)
    .trim()
    .split("\n")
    .sort()
    .map((row): unknown => JSON.parse(row));
  expect(rows).toMatchObject([
    { key: "k0", response: { candidates: [{ content: { parts: [{ text: "On p0." }] } }] } },
    { key: "k1", response: { candidates: [{ finishReason: "SAFETY" }] } },
    { key: "k2", error: { code: 3 } },
  ]);
  expect(emulator.generation).toMatchObject({
    seen: { calls: 0, jobs: 1, prompts: ["p0", "p1", "p2"] },
    billed: { jobs: 1, requests: 2, duplicates: 0 },
  });
  expect(emulator.billed).toMatchObject({ jobs: 0, texts: 0 });
});
