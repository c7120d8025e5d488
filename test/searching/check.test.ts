import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { folderWith } from "../support/temporary-folder.ts";
import { record } from "../cli/recording.ts";
import { checkQuestions } from "../../src/searching/check.ts";
import type { CheckReport } from "../../src/searching/check-report.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { docsSite } from "../support/docs-site.ts";

const PAGES = {
  "install.md": "# Install\n\nRun npm.\n",
  "cache.md": "# Cache\n\nVectors are kept.\n",
};

async function siteWith(questions: string) {
  const { config, folder } = await docsSite(PAGES);
  await indexSite({ config });
  const file = join(folder, "questions.yaml");
  await writeFile(file, questions);
  return { config, file };
}

test("what is found and what is missed is told, in all modes", async () => {
  const site = await siteWith(
    "- question: run npm\n  pages: install.md\n- question: vectors kept\n  pages: [/install/]\n",
  );
  const report = await checkQuestions({ ...site, k: 1 });
  expect(report).toMatchObject({
    questions: 2,
    recall: 0.5,
    mrr: 0.5,
    modes: { text: { recall: 0.5 }, vector: { recall: 0.5 }, hybrid: { recall: 0.5 } },
    misses: [{ question: "vectors kept", missing: ["install.md"], found: ["cache.md"] }],
  });
});

const QUESTIONS =
  "- question: run npm\n  pages: install.md\n- question: vectors kept\n  pages: cache.md\n";

test("every question is embedded once for all modes, and not at all for full text", async () => {
  const site = await siteWith(QUESTIONS);
  const client = new MockGeminiClient();
  await checkQuestions({ ...site, client });
  expect(client.calls).toEqual([["run npm", "vectors kept"]]);
  const none = new MockGeminiClient();
  const report = await checkQuestions({ ...site, client: none, mode: "text" });
  expect(none.calls).toEqual([]);
  expect(report).toMatchObject({
    degraded: null,
    recall: 1,
    modes: { hybrid: null, vector: null, text: { recall: 1 } },
  });
});

test("without all vectors there are no figures but those of full text", async () => {
  const site = await siteWith(QUESTIONS);
  const client = new MockGeminiClient({ failOn: (text) => text === "run npm" });
  expect(await checkQuestions({ ...site, client })).toMatchObject({
    mode: "hybrid",
    recall: 1,
    degraded: expect.stringContaining("could not be embedded"),
    modes: { hybrid: null, vector: null, text: { recall: 1 } },
  });
});

test("five pages of an answer count unless another number is given", async () => {
  const names = ["a", "b", "c", "d", "e", "f", "g"];
  const pages = names.map((name) => [`${name}.md`, `# ${name}\n\nCaching.\n`]);
  const { config, folder } = await docsSite(Object.fromEntries(pages));
  await indexSite({ config });
  const file = join(folder, "questions.yaml");
  await writeFile(file, "- question: caching\n  pages: [a.md, b.md, c.md, d.md, e.md, f.md]\n");
  const report = await checkQuestions({ config, file, mode: "text" });
  expect([report.k, report.recall]).toEqual([5, 5 / 6]);
  expect((await checkQuestions({ config, file, mode: "text", k: 7 })).recall).toBe(1);
});

test("a byte order mark before the questions is nothing", async () => {
  const site = await siteWith(`\uFEFF${QUESTIONS}`);
  expect((await checkQuestions({ ...site, mode: "text" })).questions).toBe(2);
});

const outcome = async (changes: Partial<CheckReport>) => {
  const quality = { recall: 0.9, mrr: 1 };
  const modes = { hybrid: quality, vector: quality, text: quality };
  const counts = { file: "q.yaml", questions: 1, k: 5, misses: [] };
  const report: CheckReport = {
    ...counts,
    mode: "hybrid",
    ...quality,
    modes,
    degraded: null,
    ...changes,
  };
  const useCases = { checkQuestions: async () => report };
  return record(["check"], { cwd: await folderWith({}), useCases });
};

test("a recall that is the bar but for rounding is passed", async () => {
  expect((await outcome({ recall: 0.9 - 1e-12 })).exitCode).toBe(0);
  expect((await outcome({ recall: 0.899 })).exitCode).toBe(1);
});

test("a check that full text alone has answered is not passed, and says so", async () => {
  const modes = { hybrid: null, vector: null, text: { recall: 1, mrr: 1 } };
  const { exitCode, stdout } = await outcome({ recall: 1, degraded: "no network", modes });
  expect(exitCode).toBe(1);
  await expect(stdout).toMatchFileSnapshot("../../golden/cli/check-degraded.txt");
});

test.each([
  ["- question: x\n  pages: [instal.md]\n", "PAGE_UNKNOWN"],
  ["- question: x\n", "USAGE"],
  ["[", "USAGE"],
])("the questions %j are refused", async (questions, code) => {
  await expect(checkQuestions(await siteWith(questions))).rejects.toMatchObject({ code });
});

test("the command fails below the bar and names the miss", async () => {
  const cwd = await folderWith({
    "siterag.config.json": '{ "embedding": { "provider": "mock" } }',
    "docs/install.md": PAGES["install.md"],
    "docs/cache.md": PAGES["cache.md"],
    "siterag.questions.yaml": "- question: vectors kept\n  pages: install.md\n",
  });
  await record(["index"], { cwd });
  const failed = await record(["check", "--k", "1"], { cwd });
  expect(failed.exitCode).toBe(1);
  await expect(failed.stdout.replaceAll(cwd, "<cwd>")).toMatchFileSnapshot(
    "../../golden/cli/check.txt",
  );
  expect((await record(["check", "--k", "1", "--min-recall", "0"], { cwd })).exitCode).toBe(0);
});
