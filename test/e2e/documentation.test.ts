import { glob, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { variableOf } from "../../src/config/environment.ts";
import { keysOf } from "../../src/config/provider-keys.ts";
import { makeReadersIndex } from "../../src/publishing/make-readers-index.ts";
import { configSchema } from "../../src/providers/load-config.ts";
import { PROVIDERS } from "../../src/providers/table.ts";
import { dollars } from "../../src/words/amounts.ts";
import { MetricsTally } from "../../src/sending/metrics-tally.ts";
import {
  chunksTable,
  contextsTable,
  jobsTable,
  knownFilesTable,
  pagesTable,
  queriesTable,
  searchFilesTable,
  vectorsTableNamed,
} from "../../src/store/tables.ts";

const ROOT = new URL("../../", import.meta.url);
const DOCS = "example-site/src/content/docs";

const read = (path: string): Promise<string> =>
  readFile(fileURLToPath(new URL(path, ROOT)), "utf8");

/** The configuration that a page shows whole: the one with a content section. */
async function configurationIn(path: string): Promise<unknown> {
  const page = await read(path);
  const block = /export default defineConfig\((\{\n {2}content: .*?\n\})\);\n```/su.exec(page)?.[1];
  const script = `export default ${block ?? "null"};`;
  const module: { readonly default: unknown } = await import(
    `data:text/javascript,${encodeURIComponent(script)}`
  );
  return module.default;
}

test("the reference shows every key with its default", async () => {
  const shown = await configurationIn(`${DOCS}/reference/configuration.md`);
  expect(shown).toEqual(configSchema.parse({}));
});

test("the built types say of each key what it sets", async () => {
  const types = (await read("dist/config/keys.d.ts")) + (await read("dist/providers/table.d.ts"));
  const told = new Set(
    [...types.matchAll(/\/\*\* (.+) \*\/\n +(\w+): /gu)].map(([, says, key]) => `${key}: ${says}`),
  );
  const keys = [...keysOf(PROVIDERS, null).values()].flatMap((block) => [...block]);
  const expected = keys.map(([key, schema]) => `${key}: ${schema.description}`);
  expect(expected.length).toBeGreaterThan(40);
  expect(expected.filter((line) => !told.has(line) && !line.startsWith("provider: "))).toEqual([]);
});

test("the README shows defaults alone", async () => {
  const shown = await configurationIn("README.md");
  expect(configSchema.parse({})).toMatchObject(Object(shown));
});

test("the reference has a section for each error code, and lists its exit code", async () => {
  const page = await read(`${DOCS}/reference/errors.md`);
  const source = await read("src/words/errors.ts");
  const codes = namesAndNumbers(source, /^ {2}([A-Z_]+): (\d+),$/gmu);
  expect(namesAndNumbers(page, /^\| \[`([A-Z_]+)`\]\(#[a-z_]+\) +\| (\d+) /gmu)).toEqual(codes);
  const sections = [...page.matchAll(/^## ([A-Z_]+)$/gmu)].map(([, code]) => code);
  expect(new Set(sections)).toEqual(new Set(Object.keys(codes)));
});

const namesAndNumbers = (text: string, line: RegExp): Record<string, string> =>
  Object.fromEntries([...text.matchAll(line)].map(([, name, number]) => [name, number]));

test.each(["README.md", `${DOCS}/reference/cli.md`])("%s lists each variable", async (path) => {
  const page = await read(path);
  const names = [
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
    "GOOGLE_GEMINI_BASE_URL",
    "SITERAG",
    variableOf(["batching", "strategy"]),
    variableOf(["batching", "textsPerCall"]),
    variableOf(["coalesce", "maxTexts"]),
    variableOf(["queries", "cutoffAfter"]),
    variableOf(["budget", "maxCostUsd"]),
  ];
  expect(names.filter((name) => !page.includes(`\n| \`${name}\` `))).toEqual([]);
});

/** Names in the first column of the first table of a section. */
function namesIn(page: string, heading: string): readonly string[] {
  const [, section = ""] = page.split(`\n${heading}\n`);
  const [table = ""] = /(?:^\|.*\n)+/mu.exec(section) ?? [];
  return [...table.matchAll(/^\| (`[^|]+`) +\|/gmu)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/gu)].map(([, name = ""]) => name),
  );
}

test.each([
  ["## The index", chunksTable("chunks", 0)],
  ["## vectors_…", vectorsTableNamed("vectors_x")],
  ["## pages", pagesTable],
  ["## known_files", knownFilesTable],
  ["## search_files", searchFilesTable],
  ["## queries", queriesTable],
  ["## contexts", contextsTable],
  ["## jobs", jobsTable],
])("the reference has the columns of %s as they are", async (heading, { columns }) => {
  const page = await read(`${DOCS}/reference/tables.md`);
  expect(namesIn(page, heading)).toEqual(Object.keys(columns));
});

test("the reference has the keys of the readers' manifest as they are", async () => {
  const page = await read(`${DOCS}/reference/readers-index.md`);
  const { manifest } = await makeReadersIndex([], { provider: "none", model: null });
  const written: object = JSON.parse(new TextDecoder().decode(manifest.bytes));
  expect(namesIn(page, "## index.json")).toEqual(Object.keys(written));
});

test("the page about costs has each number of a run", async () => {
  const page = await read(`${DOCS}/guides/what-did-that-cost.md`);
  const names = Object.keys(new MetricsTally().metrics);
  expect(new Set(namesIn(page, "## Afterwards"))).toEqual(new Set(names));
});

test("what a run has cost is shown as the command line prints it", async () => {
  const pages = await Array.fromAsync(glob(`${DOCS}/**/*.{md,mdx}`, { cwd: fileURLToPath(ROOT) }));
  const texts = await Promise.all([...pages, "README.md"].map(read));
  const shown = texts.flatMap((text) =>
    [...text.matchAll(/^Used .*, \$([\d.]*\d)/gmu)].map(([, amount = ""]) => amount),
  );
  expect(shown.length).toBeGreaterThan(3);
  expect(shown).toEqual(shown.map((amount) => dollars(Number(amount)).slice(1)));
});
