import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAnswerPrompt } from "../../src/generation/answer-prompt.ts";
import { ask } from "../../src/searching/ask.ts";
import { configSchema } from "../../src/providers/load-config.ts";
import type { ResolvedConfig, SiteragConfig } from "../../src/config/schema.ts";
import type { GenerationRequest } from "../../src/generation/client.ts";
import { MockGenerator } from "../../src/providers/mock/mock-generator.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { generatorOf, geminiHarness } from "../providers/gemini/gemini-harness.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Long enough for each section to be a chunk of its own. */
const FILLER = "Words of another kind stand here, and say little. ".repeat(40);
const PAGES = {
  "install.md": `# Install\n\n${FILLER}\n\n## On Windows\n\nUse winget to install it. ${FILLER}\n`,
  "cats.md": "# Cats\n\nThey sleep on the sofa.\n",
  "long.md": `# Tides\n\nTides rise twice a day. ${FILLER.repeat(3)}\n\nTides fall twice a day.\n`,
};

let folder = "";
let config: ResolvedConfig;

const configIn = (root: string, settings: SiteragConfig = {}): ResolvedConfig =>
  configSchema.parse({
    embedding: { provider: "mock" },
    ...settings,
    content: { root },
    store: { uri: join(root, "db") },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "siterag-ask-"));
  config = configIn(folder);
  for (const [page, text] of Object.entries(PAGES)) await writeFile(join(folder, page), text);
  await indexSite({ config });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const WINDOWS = {
  url: "/install/#on-windows",
  title: "Install",
  headings: ["Install", "On Windows"],
};

test("an answer comes piece by piece, and cites sections by their URLs", async () => {
  const pieces: string[] = [];
  const question = "winget on windows";
  const answer = await ask({ config, question, onText: (piece) => pieces.push(piece) });
  expect(answer).toEqual({
    question,
    mode: "hybrid",
    pending: 0,
    answer: expect.stringMatching(/^Use winget to install it\..*… \[1\]$/u),
    citations: [{ number: 1, ...WINDOWS }],
    grounded: true,
    degraded: null,
    usage: expect.objectContaining({ calls: 1, costUsd: 0 }),
  });
  expect(pieces.length).toBeGreaterThan(3);
  expect(pieces.join("")).toBe(answer.answer);
});

test("what a model says is told as it is", async () => {
  const said = async (text: string) => {
    const pieces: string[] = [];
    const generator = new MockGenerator({ answer: () => text });
    const onText = (piece: string): number => pieces.push(piece);
    const { answer, citations, grounded, degraded } = await ask({
      config,
      question: "winget",
      limit: 2,
      generator,
      onText,
    });
    const numbers = citations.map(({ number }) => number);
    return { shown: pieces.join(""), answer, numbers, grounded, degraded };
  };
  expect(await said("NOT_IN_PASSAGES")).toEqual({
    shown: "",
    answer: null,
    numbers: [],
    grounded: false,
    degraded: null,
  });
  expect(await said("Both [2][1].")).toMatchObject({ numbers: [2, 1], grounded: true });
  expect(await said("Made up [3] [1].")).toEqual({
    shown: "Made up [3] [1].",
    answer: "Made up [3] [1].",
    numbers: [1],
    grounded: false,
    degraded: "the answer cites [3], but there is no such passage",
  });
  expect(await said("From memory.")).toMatchObject({
    numbers: [],
    grounded: false,
    degraded: "the answer cites no passage",
  });
});

test("all parts of a long section that are found are passages, and its URL is cited once", async () => {
  const generator = new MockGenerator({ answer: () => "They rise [1] and fall [1]." });
  const question = "when do tides rise and fall";
  const { citations } = await ask({ config, question, generator, limit: 1 });
  const prompt = generator.requests[0]?.prompt ?? "";
  const passages = readAnswerPrompt(prompt)?.passages ?? [];
  expect(passages.map(({ number }) => number)).toEqual([1, 1]);
  expect(prompt).toContain("Tides rise");
  expect(prompt).toContain("Tides fall");
  expect(citations).toEqual([
    { number: 1, url: "/long/#tides", title: "Tides", headings: ["Tides"] },
  ]);
});

test("an index without a passage for it says so without a call", async () => {
  const generator = new MockGenerator();
  const filter = { page: "none.md" };
  const answer = await ask({ config, question: "winget", generator, filter });
  expect(answer).toMatchObject({ answer: null, grounded: false, usage: null });
  expect(generator.requests).toEqual([]);
});

test("only passages that the filter lets through are sent", async () => {
  const generator = new MockGenerator();
  await ask({ config, question: "winget", generator, filter: { page: "cats.md" }, limit: 1 });
  const prompt = generator.requests[0]?.prompt;
  expect(prompt).toContain("sofa");
  expect(prompt).not.toContain("Use winget");
});

test("key and model are asked for before the store is looked at", async () => {
  const empty = await temporaryFolder();
  const failureOf = (settings: SiteragConfig): Promise<unknown> =>
    ask({ config: configIn(empty, settings), question: "x" }).catch((error: unknown) => error);
  const embedding = { provider: "gemini" } as const;
  const generation = { model: "gemini-3.8-flash" };
  expect(await failureOf({ embedding })).toMatchObject({ code: "CONFIG_INVALID" });
  expect(await failureOf({ embedding, generation })).toMatchObject({ code: "KEY_MISSING" });
  expect(await failureOf({})).toMatchObject({ code: "INDEX_MISSING" });
});

test("the Gemini API answers over the wire, and a cut answer says so", async () => {
  const { clock, emulator } = await geminiHarness();
  emulator.addFault({ name: "answer-cut-short", times: 1 });
  const generator = generatorOf(emulator, clock);
  const question = "winget on windows";
  const cut = await ask({ config, question, generator });
  expect(cut.degraded).toMatch(/the answer is incomplete: .*; the answer cites no passage/u);
  const whole = await ask({ config, question, generator });
  expect(whole).toMatchObject({
    answer: "The first passage tells it [1].",
    citations: [WINDOWS],
    usage: { calls: 1, costUsd: null },
  });
});

test("whoever cannot take a piece ends the stream", async () => {
  let ended = 0;
  class Watched extends MockGenerator {
    override async *generateContentStream(request: GenerationRequest) {
      try {
        return yield* super.generateContentStream(request);
      } finally {
        ended += 1;
      }
    }
  }
  const onText = (): never => {
    throw new Error("the page is closed");
  };
  const asking = ask({ config, question: "winget", generator: new Watched(), onText });
  await expect(asking).rejects.toThrow("the page is closed");
  expect(ended).toBe(1);
});

test("an answer from an index that waits for vectors says so", async () => {
  const root = await temporaryFolder();
  await writeFile(join(root, "cats.md"), PAGES["cats.md"]);
  const waiting = configIn(root, { budget: { maxRequests: 0 } });
  await indexSite({ config: waiting });
  expect(await ask({ config: waiting, question: "sofa" })).toMatchObject({
    answer: expect.stringContaining("sofa"),
    pending: 1,
    degraded: null,
  });
});

test("a heading without text comes with what follows it: a passage says something", async () => {
  const root = await temporaryFolder();
  await writeFile(
    join(root, "setup.md"),
    `# Guide\n\nCats.\n\n## Winget setup\n\n### First\n\nUse the store. ${FILLER}\n`,
  );
  const ours = configIn(root);
  await indexSite({ config: ours });
  const asked: GenerationRequest[] = [];
  const generator = new MockGenerator({
    answer: (request) => {
      asked.push(request);
      return "It is so [1].";
    },
  });
  const { citations } = await ask({ config: ours, question: "winget setup", generator, limit: 1 });
  expect(citations).toMatchObject([{ url: "/setup/#winget-setup" }]);
  expect(JSON.stringify(asked)).toContain("Use the store.");
});
