import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { run } from "../hosts/host-run.ts";
import {
  makeMachines,
  type Checkout,
  type Files,
  type Machines,
  type PipelineRun,
} from "../support/machines.ts";
import { startEmulator, type Emulator } from "../support/emulator/emulator.ts";
import {
  pipelineOf,
  shellLinesOf,
  shownFile,
  yamlFilesOf,
  type Line,
  type Pipeline,
} from "../support/pipelines.ts";

const PAGE = "guides/ci-recipes.md";
const CI_PAGE = "guides/use-in-ci.mdx";
const STORE_PAGE = "guides/share-a-store.md";

const htmlPage = (title: string, text: string): string =>
  `<html lang="en"><main><h1>${title}</h1><p>${text}</p></main></html>`;
const BUILT = {
  "public/index.html": htmlPage("Lantern", "Lantern drives lamps."),
  "public/wicks/index.html": htmlPage("Wicks", "A wick that is too long makes soot."),
};
const EDITED = {
  ...BUILT,
  "public/moths/index.html": htmlPage("Moths", "Hippopotamuses like lamps."),
};

let machines: Machines;
let emulator: Emulator;
const clock = createVirtualClock();
beforeAll(async () => {
  machines = await makeMachines();
});
// Each pipeline is of a site that has paid for nothing yet.
beforeEach(async () => {
  emulator = await startEmulator({ clock, jobMs: 3_600_000 });
});
afterEach(() => emulator.close());
afterAll(() => machines.remove());

const runPipeline = (pipeline: Pipeline, checkout: Checkout): Promise<PipelineRun> =>
  machines.run(pipeline, checkout, emulator);

async function pipelineIn(file: string, page = PAGE): Promise<Pipeline> {
  return pipelineOf(file, (await yamlFilesOf(page)).get(file));
}

it.each([
  [PAGE, 6],
  [CI_PAGE, 2],
])("%s has %i pipelines that parse", async (page, count) => {
  const files = await yamlFilesOf(page);
  expect(files.size).toBe(count);
  for (const [file, written] of files) {
    const { kept, lines } = pipelineOf(file, written);
    expect(lines.map(({ command }) => command).join("\n"), file).toMatch(
      /npx siterag|npm run build/u,
    );
    expect(kept.join(), file).toContain(".siterag");
  }
});

describe.each([".github/workflows/site.yml", "site.gitlab-ci.yml"])("the pipeline %s", (file) => {
  it("pays once, and a fork without a key goes on by words", async () => {
    const pipeline = await pipelineIn(file);
    const cache = await machines.newFolder();
    const first = await runPipeline(pipeline, { cache, files: BUILT });
    expect(first).toMatchObject({ texts: 2, warnings: [] });
    const second = await runPipeline(pipeline, { cache, files: BUILT });
    expect(second).toMatchObject({ requests: 0, warnings: [] });

    const fork = await runPipeline(pipeline, { cache, files: EDITED, hasKey: false });
    expect(fork).toMatchObject({ requests: 0, warnings: [expect.stringContaining("no key")] });
    const search = 'siterag search --published public/siterag "hippopotamuses"';
    expect((await run(search, fork.folder)).stdout).toContain("/moths/");

    const merged = await runPipeline(pipeline, { cache, files: EDITED });
    expect(merged).toMatchObject({ texts: 1, duplicates: 0, warnings: [] });
  });
});

const LAMPS = "# Lamps\n\nA lamp burns oil.\n";
const DOCS = { "docs/lamps.md": LAMPS, "docs/moths.md": "# Moths\n\nMoths like lamps.\n" };

it.each([".github/workflows/search.yml", ".gitlab-ci.yml"])(
  "the pipeline %s of an index alone pays once",
  async (file) => {
    const pipeline = await pipelineIn(file, CI_PAGE);
    const cache = await machines.newFolder();
    expect(await runPipeline(pipeline, { cache, files: DOCS })).toMatchObject({ texts: 2 });
    const second = await runPipeline(pipeline, { cache, files: DOCS });
    expect(second).toMatchObject({ requests: 0, warnings: [] });
  },
);

it("a schedule collects the job that a run has left, and the next run pays nothing", async () => {
  const settings = { batching: { strategy: "batch", deadlineMinutes: 0 } };
  const files = { ...DOCS, "siterag.config.json": JSON.stringify(settings) };
  const cache = await machines.newFolder();
  const index = await pipelineIn(".github/workflows/search.yml", CI_PAGE);
  await runPipeline({ ...index, kept: [".siterag"] }, { cache, files });
  expect(emulator.jobs).toHaveLength(1);
  clock.advance(3_600_000);
  const collect = await pipelineIn(".github/workflows/collect.yml");
  expect(await runPipeline(collect, { cache, files })).toMatchObject({ warnings: [] });
  const next = await runPipeline({ ...index, kept: [".siterag"] }, { cache, files });
  expect(next).toMatchObject({ requests: 0, warnings: [] });
  expect(emulator.billed).toMatchObject({ jobs: 1, texts: 2, duplicates: 0 });
});

describe("a monorepo with two sites", () => {
  const workspaces = {
    "package.json": JSON.stringify({ private: true, workspaces: ["handbook", "api"] }),
    "handbook/package.json": '{ "name": "handbook" }',
    "api/package.json": '{ "name": "api" }',
    "handbook/docs/lamps.md": LAMPS,
    "handbook/docs/wicks.md": "# Wicks\n\nA wick that is too long makes soot.\n",
    "api/docs/lamps.md": LAMPS,
  };

  it("has a store for each, and pays once", async () => {
    const pipeline = await pipelineIn(".github/workflows/sites.yml");
    const cache = await machines.newFolder();
    const first = await runPipeline(pipeline, { cache, files: workspaces });
    expect(first).toMatchObject({ texts: 3, warnings: [] });
    const second = await runPipeline(pipeline, { cache, files: workspaces });
    expect(second).toMatchObject({ requests: 0, warnings: [] });
  });

  it("shares a store at the root, and pays once for what both have", async () => {
    const names = ["handbook/siterag.config.ts", "api/siterag.config.ts"];
    const configs = names.map(async (name) => [name, await shownFile(STORE_PAGE, name)] as const);
    const files = { ...workspaces, ...Object.fromEntries(await Promise.all(configs)) };
    const { lines } = await pipelineIn(".github/workflows/sites.yml");
    const pipeline = { kept: [".siterag"], lines };
    const cache = await machines.newFolder();
    const first = await runPipeline(pipeline, { cache, files });
    expect(first).toMatchObject({ texts: 2, duplicates: 0, warnings: [] });
    const second = await runPipeline(pipeline, { cache, files });
    expect(second).toMatchObject({ requests: 0, warnings: [] });
  });
});

describe.each([
  ["as a path", (folder: string) => folder],
  ["as an address, with the lock of object stores", (folder: string) => pathToFileURL(folder).href],
])("a store that machines share without a cache, %s", (_how, addressOf) => {
  it("has an index for each branch, and a text of two branches costs once", async () => {
    const files = { ...DOCS, "siterag.config.ts": await shownFile(PAGE, "siterag.config.ts") };
    const index = await pipelineIn(".github/workflows/search.yml", CI_PAGE);
    const pipeline = { kept: [], lines: index.lines };
    const cache = "";
    const SITERAG_STORE = addressOf(await machines.newFolder());
    const main = { SITERAG_STORE, GITHUB_REF_NAME: "main" };
    const branch = { SITERAG_STORE, GITHUB_REF_NAME: "feature/soot" };
    const pull = { SITERAG_STORE, GITHUB_REF_NAME: "7/merge", GITHUB_HEAD_REF: "feature/soot" };
    const first = await runPipeline(pipeline, { cache, files, variables: main });
    expect(first).toMatchObject({ texts: 2, warnings: [] });
    const edited = { ...files, "docs/soot.md": "# Soot\n\nSoot is black.\n" };
    const other = await runPipeline(pipeline, { cache, files: edited, variables: branch });
    expect(other).toMatchObject({ texts: 1, duplicates: 0, warnings: [] });
    const again = await runPipeline(pipeline, { cache, files, variables: main });
    expect(again).toMatchObject({ requests: 0, warnings: [] });
    const search = 'siterag search --json --mode text "soot"';
    const hits = async (variables: Readonly<Record<string, string>>) =>
      (await run(search, again.folder, variables)).stdout;
    expect(await hits(main)).not.toContain("soot.md");
    expect(await hits(pull)).toContain("soot.md");
  });
});

describe("after a change of what is embedded", () => {
  it("the three commands say the price first, pay once, and the way back is free", async () => {
    const withDimensions = (dimensions: number): Files => ({
      ...DOCS,
      "siterag.config.json": JSON.stringify({ embedding: { dimensions } }),
    });
    const [dryRun, ...others] = await shellLinesOf(PAGE, "siterag index --dry-run");
    const runLines = (lines: readonly (Line | undefined)[], files: Files) =>
      runPipeline(
        { kept: [".siterag"], lines: lines.flatMap((line) => line ?? []) },
        { cache, files },
      );
    const cache = await machines.newFolder();
    await runLines(others, withDimensions(768));
    const priced = await runLines([dryRun], withDimensions(1536));
    expect(priced).toMatchObject({ requests: 0, warnings: [] });
    expect(await runLines(others, withDimensions(1536))).toMatchObject({ texts: 2, warnings: [] });
    expect(await runLines([dryRun, ...others], withDimensions(768))).toMatchObject({ requests: 0 });
  });
});
