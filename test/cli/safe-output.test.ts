import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { folderWith } from "../support/temporary-folder.ts";
import { record, type Recorded } from "./recording.ts";

/** Everything that a terminal obeys, beside line ends and tabs. */
const STEERING = /[^\P{Cc}\n\t]|[\p{Bidi_Control}\p{Zl}\p{Zp}]/u;

const ALL =
  "\u001B[2J\u0007\u007F\u0080\u0085\u009B2J\u009F\u061C\u200E\u200F\u2028\u2029\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

const SITE = {
  "siterag.config.json": '{ "embedding": { "provider": "mock" } }',
  [`docs/a${ALL}.md`]: `# Install${ALL}\n\nRun the ${ALL} installer.\n`,
  [`docs/b${ALL}.md`]: "---\ntitle: [\n---\n\n# Usage\n\nCall it.\n",
};

const COMMANDS = [
  ["index", "--dry-run", "--json"],
  ["index"],
  ["search", `installer${ALL}`],
  ["search", `installer${ALL}`, "--json"],
  ["ask", `installer${ALL}`],
  ["related", `c${ALL}`],
  [`serch${ALL}`],
  ["search", "x", "--limit", ALL],
];

test("nothing of a page, a file name or an argument steers a terminal, whatever the command", async () => {
  const cwd = await folderWith(SITE);
  for (const argv of COMMANDS) {
    const { stdout, stderr } = await record(argv, { cwd });
    expect([stdout, stderr].filter((output) => STEERING.test(output))).toEqual([]);
  }
  const env = { SITERAG_DEBUG: "1" };
  const search = () => Promise.reject(new Error(ALL));
  const failed = await record(["search", "x"], { cwd, env, isTTY: true, useCases: { search } });
  const found = await record(["search", "installer"], { cwd, isTTY: true });
  for (const { stdout, stderr } of [failed, found]) {
    expect(stripVTControlCharacters(stdout + stderr)).not.toMatch(STEERING);
    expect(stdout + stderr).not.toContain("\u001B[2J");
  }
  expect(found.stdout).toContain("\u001B[1mInstall");
});

test("what --json escapes is read back as it was", async () => {
  const cwd = await folderWith({ "siterag.config.json": SITE["siterag.config.json"] });
  const related = () => Promise.resolve([]);
  const { stdout } = await record(["related", ALL, "--json"], { cwd, useCases: { related } });
  expect(stdout).not.toMatch(STEERING);
  expect(JSON.parse(stdout)).toEqual({ page: ALL, related: [] });
});

const LONG = "x".repeat(1_000_000);

test.each([
  [["search", `what ${LONG}`]],
  [[LONG]],
  [["status", `--${LONG}`]],
  [["search", "x", "--limit", LONG]],
  [["search", "x", "--filter", `${LONG}=1`]],
  [["search", "--batch-query", LONG]],
  [["index", "--batch-from-file", LONG]],
  [["status", "--config", LONG]],
  [["check", LONG]],
])("an argument of 1 MB is cut in messages (%#)", async (argv) => {
  const cwd = await folderWith({ "siterag.config.json": SITE["siterag.config.json"] });
  const passage = { url: "/a/", page: "a.md", title: "A", headings: [], text: "a", score: 1 };
  const scores = { vector: null, text: null };
  const hits = [{ ...passage, scores, snippet: { text: "a", marks: [] } }];
  const search = ({ query }: { readonly query: string }) =>
    Promise.resolve({ query, mode: "text", degraded: null, pending: 0, hits } as const);
  const useCases = argv[0] === "search" ? { search } : undefined;
  const { stdout, stderr } = await record(argv, { cwd, ...(useCases && { useCases }) });
  expect(stdout.length + stderr.length).toBeGreaterThan(20);
  expect(stdout.length + stderr.length).toBeLessThan(2000);
});

/** The content of each file below a folder. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")));
}

test("key, drafts and prompts are in no output and in no file", async () => {
  const key = "AIza-secret-of-the-key";
  const env = { GEMINI_API_KEY: key, GOOGLE_API_KEY: key, SITERAG_DEBUG: "1" };
  const generation = { enrich: "context", model: "writer" };
  const cwd = await folderWith({
    "siterag.config.json": JSON.stringify({ embedding: { provider: "mock" }, generation }),
    "docs/install.md": "# Install\n\nRun the installer.\n",
    "docs/draft.md": "---\ndraft: true\n---\n\n# Hiddenheading\n\nThe hiddentext.\n",
    "docs/broken.md": "---\ntitle: [hiddentitle\ndraft: true\n---\n\nThe hiddentext.\n",
  });
  const outputs: Recorded[] = [];
  for (const argv of [["index"], ["ask", "installer", "hiddenquestion"], ["status", "--json"]]) {
    const recorded = await record(argv, { cwd, env });
    expect(recorded).toMatchObject({ exitCode: 0 });
    outputs.push(recorded);
  }
  const files = await filesBelow(join(cwd, ".siterag"));
  expect(files.join("")).toContain("Run the installer.");
  const written = [...files, ...outputs.flatMap(({ stdout, stderr }) => [stdout, stderr])];
  for (const hidden of [key, "Hiddenheading", "hiddentext", "hiddentitle", "You help a search"]) {
    expect(written.filter((text) => text.includes(hidden))).toEqual([]);
  }
  expect(files.filter((text) => text.includes("hiddenquestion"))).toEqual([]);
});
