import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configSchema } from "../../src/providers/load-config.ts";
import type { ResolvedConfig } from "../../src/config/schema.ts";
import { indexSite, loadConfig, searchAll, verifySite } from "../../src/index.ts";
import { readQuestions } from "../../src/searching/questions.ts";
import { rowsOf } from "../support/docs-site.ts";
import { buildExample, copyExample } from "../support/example-copy.ts";

/** Shares that must be reached. */
const SAME_PAGE_FIRST = 0.95;
const EQUAL_INPUTS = 0.9;

let folder: string;
let questions: readonly string[];
const configs: Partial<Record<"source" | "html", ResolvedConfig>> = {};

/** The example's configuration, with a store of its own. */
async function readingOf(from: "source" | "html"): Promise<ResolvedConfig> {
  const { config } = await loadConfig({ cwd: folder });
  return {
    ...config,
    content: { ...config.content, from, site: join(folder, "dist") },
    store: { ...config.store, uri: join(folder, from) },
  };
}

beforeAll(async () => {
  folder = await copyExample();
  await buildExample(folder);
  for (const from of ["source", "html"] as const) {
    const config = await readingOf(from);
    await indexSite({ config });
    configs[from] = config;
  }
  const listed = await readQuestions(join(folder, "siterag.questions.yaml"));
  questions = listed.map(({ question }) => question);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const configOf = (from: "source" | "html"): ResolvedConfig =>
  configs[from] ?? configSchema.parse({});

/** The address of the page that comes first for each question. */
async function firstPages(from: "source" | "html"): Promise<(string | undefined)[]> {
  const answers = await searchAll({ config: configOf(from), queries: [...questions], limit: 1 });
  return answers.map(({ hits }) => hits[0]?.url.replace(/#.*$/u, ""));
}

const tell = (line: string): boolean => process.stdout.write(`${line}\n`);

async function inputsOf(from: "source" | "html"): Promise<Set<string>> {
  const rows = await rowsOf(configOf(from));
  return new Set([...rows.values()].map(({ fingerprint }) => fingerprint));
}

describe("the example, read from its source and from its HTML", () => {
  it.each(["source", "html"] as const)("is verified to the last word: %s", async (from) => {
    const { differing, figures } = await verifySite({ config: configOf(from) });
    expect(differing).toEqual([]);
    const wrong = Object.values(figures).map(({ wrong: count }) => count);
    expect(wrong).toEqual([0, 0, 0, 0]);
    expect(figures.urls.total).toBeGreaterThan(40);
    expect(figures.anchors.total).toBeGreaterThan(300);
  });

  it("has the same page first for nearly all questions", async () => {
    const [source, html] = [await firstPages("source"), await firstPages("html")];
    const differing = questions.flatMap((question, at) =>
      source[at] === html[at] ? [] : [`${question}: ${source[at]}, ${html[at]}`],
    );
    const share = 1 - differing.length / questions.length;
    tell(`The same page first: ${(100 * share).toFixed(1)} % of ${questions.length} questions.`);
    expect(questions.length).toBeGreaterThan(60);
    expect(share, differing.join("\n")).toBeGreaterThanOrEqual(SAME_PAGE_FIRST);
  });

  it("embeds nearly the same", async () => {
    const [source, html] = [await inputsOf("source"), await inputsOf("html")];
    const share = [...source].filter((one) => html.has(one)).length / source.size;
    tell(`Equal embedding inputs: ${(100 * share).toFixed(1)} % of ${source.size}.`);
    expect(share).toBeGreaterThanOrEqual(EQUAL_INPUTS);
  });
});
