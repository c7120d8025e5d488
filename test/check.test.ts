import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { indexSite } from "../src/index-site.ts";
import { folderWith } from "./support/temporary-folder.ts";
import { record } from "./cli/recording.ts";
import { checkQuestions } from "../src/check.ts";
import { docsSite } from "./support/docs-site.ts";

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
    "../golden/cli/check.txt",
  );
  expect((await record(["check", "--k", "1", "--min-recall", "0"], { cwd })).exitCode).toBe(0);
});
