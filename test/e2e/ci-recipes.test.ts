import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { run } from "../hosts/host-run.ts";
import { startEmulator, type Emulator } from "../support/emulator/emulator.ts";
import { ROOT } from "../support/example-copy.ts";
import { copyKept, pipelineOf, yamlFilesOf, type Pipeline } from "../support/pipelines.ts";

const PAGE = "guides/ci-recipes.md";
/** Lines that a test does by itself: siterag is installed, and the site is built. */
const DONE_HERE = /^(?:npm ci|npm install|hugo|npm run build)/u;

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

let workshop: string;
let emulator: Emulator;
beforeAll(async () => {
  workshop = await realpath(await mkdtemp(join(tmpdir(), "siterag-test-ci-")));
  await mkdir(join(workshop, "node_modules/.bin"), { recursive: true });
  await symlink(ROOT, join(workshop, "node_modules/siterag"));
  await chmod(join(ROOT, "dist/cli/bin.js"), 0o755);
  await symlink("../siterag/dist/cli/bin.js", join(workshop, "node_modules/.bin/siterag"));
});
// Each pipeline is of a site that has paid for nothing yet.
beforeEach(async () => {
  emulator = await startEmulator({ jobMs: 200 });
});
afterEach(() => emulator.close());
afterAll(async () => {
  await rm(workshop, { recursive: true, force: true });
});

type Files = Readonly<Record<string, string>>;

/** A new machine with a checkout. */
async function checkout(files: Files): Promise<string> {
  const folder = await mkdtemp(join(workshop, "checkout-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** What a run of a pipeline has printed and paid. */
interface PipelineRun {
  readonly folder: string;
  readonly warnings: readonly string[];
  readonly requests: number;
  readonly texts: number;
  readonly duplicates: number;
}

/** Runs the lines of a pipeline on a new machine, between restoring and saving its cache. */
async function runPipeline(
  pipeline: Pick<Pipeline, "kept" | "lines"> & Partial<Pipeline>,
  { cache, files, hasKey = true }: { cache: string; files: Files; hasKey?: boolean },
): Promise<PipelineRun> {
  const folder = await checkout(files);
  const whole = { file: "", ...pipeline };
  await copyKept(whole, cache, folder);
  const before = { requests: emulator.requests.length, ...emulator.billed };
  const env = {
    GEMINI_API_KEY: hasKey ? emulator.key : "",
    GOOGLE_GEMINI_BASE_URL: emulator.url,
  };
  let output = "";
  for (const line of pipeline.lines.filter((one) => !DONE_HERE.test(one))) {
    output += (await run(line, folder, env)).stderr;
  }
  if (hasKey) await copyKept(whole, folder, cache);
  return {
    folder,
    warnings: output.match(/^warning: .*$/gmu) ?? [],
    requests: emulator.requests.length - before.requests,
    texts: emulator.billed.texts - before.texts,
    duplicates: emulator.billed.duplicates - before.duplicates,
  };
}

const newCache = (): Promise<string> => mkdtemp(join(workshop, "cache-"));

async function pipelineIn(file: string): Promise<Pipeline> {
  return pipelineOf(file, (await yamlFilesOf(PAGE)).get(file));
}

it.each([
  [PAGE, 6],
  ["guides/use-in-ci.mdx", 2],
])("%s has %i pipelines that parse", async (page, count) => {
  const files = await yamlFilesOf(page);
  expect(files.size).toBe(count);
  for (const [file, written] of files) {
    const { kept, lines } = pipelineOf(file, written);
    expect(lines.join("\n"), file).toMatch(/npx siterag|npm run build/u);
    expect(kept.join(), file).toContain(".siterag");
  }
});

describe.each([".github/workflows/site.yml", "site.gitlab-ci.yml"])("the pipeline %s", (file) => {
  it("pays once, and a fork without a key goes on by words", async () => {
    const pipeline = await pipelineIn(file);
    const cache = await newCache();
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
