import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../hosts/host-run.ts";
import type { Emulator } from "./emulator/emulator.ts";
import { ROOT } from "./example-copy.ts";
import { copyKept, type Pipeline } from "./pipelines.ts";

/** Lines that a machine does not run: siterag is installed, and the site is built. */
const DONE_HERE = /^(?:npm ci|npm install|hugo|npm run build)/u;

/** Texts by path. */
export type Files = Readonly<Record<string, string>>;

/** What a machine begins with. */
export interface Checkout {
  /** Folder of the cache that is restored, and saved unless the run is a fork's. */
  readonly cache: string;
  readonly files: Files;
  /** Default true; false: the run is a fork's. */
  readonly hasKey?: boolean;
  /** Variables that the service or the settings of the repository add. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** What a run of a pipeline has printed and paid. */
export interface PipelineRun {
  readonly folder: string;
  readonly warnings: readonly string[];
  readonly requests: number;
  readonly texts: number;
  readonly duplicates: number;
}

/** The machines of a service that runs pipelines. */
export interface Machines {
  /** Runs a pipeline on a new machine, between restoring and saving its cache. Throws if a line fails. */
  readonly run: (
    pipeline: Pipeline,
    checkout: Checkout,
    emulator: Emulator,
  ) => Promise<PipelineRun>;
  /** An empty folder that outlives a machine. */
  readonly newFolder: () => Promise<string>;
  readonly remove: () => Promise<void>;
}

/** Machines that have what `npm run build` made of siterag. */
export async function makeMachines(): Promise<Machines> {
  const workshop = await realpath(await mkdtemp(join(tmpdir(), "siterag-test-ci-")));
  await mkdir(join(workshop, "node_modules/.bin"), { recursive: true });
  await symlink(ROOT, join(workshop, "node_modules/siterag"));
  await chmod(join(ROOT, "dist/cli/bin.js"), 0o755);
  await symlink("../siterag/dist/cli/bin.js", join(workshop, "node_modules/.bin/siterag"));
  const newFolder = (): Promise<string> => mkdtemp(join(workshop, "folder-"));
  return {
    run: async (pipeline, checkout, emulator) =>
      runIn(await newFolder(), pipeline, checkout, emulator),
    newFolder,
    remove: () => rm(workshop, { recursive: true, force: true }),
  };
}

async function runIn(
  folder: string,
  pipeline: Pipeline,
  { cache, files, hasKey = true, variables = {} }: Checkout,
  emulator: Emulator,
): Promise<PipelineRun> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await copyKept(pipeline, cache, folder);
  const before = { requests: emulator.requests.length, ...emulator.billed };
  let output = "";
  for (const line of pipeline.lines.filter(({ command }) => !DONE_HERE.test(command))) {
    const key = hasKey && line.hasKey ? emulator.key : "";
    const environment = { ...environmentOf(emulator, key), ...variables };
    output += (await run(line.command, folder, environment)).stderr;
  }
  if (hasKey) await copyKept(pipeline, folder, cache);
  return {
    folder,
    warnings: output.match(/^warning: .*$/gmu) ?? [],
    requests: emulator.requests.length - before.requests,
    texts: emulator.billed.texts - before.texts,
    duplicates: emulator.billed.duplicates - before.duplicates,
  };
}

/** The tests may run in a pipeline themselves: the names of its branches must not count. */
const environmentOf = ({ url }: Emulator, key: string): Readonly<Record<string, string>> => ({
  GEMINI_API_KEY: key,
  GOOGLE_GEMINI_BASE_URL: url,
  GITHUB_HEAD_REF: "",
  GITHUB_REF_NAME: "",
  CI_COMMIT_REF_NAME: "",
});
