import type { UseCases } from "../../src/cli/use-cases.ts";
import type { CliWorld } from "../../src/cli/world.ts";
import { run } from "../../src/cli/run.ts";

/** What a command left behind. */
export interface Recorded {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly signal?: AbortSignal;
  readonly useCases?: Partial<UseCases>;
  readonly startAgain?: CliWorld["startAgain"];
}

/** Runs a command line and records both streams; without `useCases` with the real ones. */
export async function record(
  argv: readonly string[],
  { cwd, env = {}, isTTY = false, columns = 80, signal, useCases, startAgain }: Surroundings,
): Promise<Recorded> {
  const written = { stdout: "", stderr: "" };
  const terminal = (name: "stdout" | "stderr") => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTTY,
    columns,
  });
  const world: CliWorld = {
    cwd,
    env,
    stdout: terminal("stdout"),
    stderr: terminal("stderr"),
    signal: signal ?? new AbortController().signal,
    startAgain,
  };
  const exitCode = await (useCases === undefined
    ? run(argv, world)
    : run(argv, world, { ...UNCALLED, ...useCases }));
  return { exitCode, ...written };
}

const uncalled = (): Promise<never> => Promise.reject(new Error("not expected to be called"));
const UNCALLED: UseCases = {
  indexSite: uncalled,
  planSite: uncalled,
  search: uncalled,
  searchAll: uncalled,
  ask: uncalled,
  checkQuestions: uncalled,
  verifySite: uncalled,
  searchPublished: uncalled,
  checkPublished: uncalled,
  publishIndex: uncalled,
  related: uncalled,
  readStatus: uncalled,
  cacheStats: uncalled,
  pruneCache: uncalled,
  clearCache: uncalled,
  listJobs: uncalled,
  collectJobs: uncalled,
  cancelJob: uncalled,
};

/** Exit code and both streams as one text, for goldens; `cwd` is written as `<cwd>`. */
export const transcript = (argv: readonly string[], cwd: string, recorded: Recorded): string =>
  [
    `$ siterag ${argv.join(" ")}`,
    `exit ${recorded.exitCode}`,
    "--- stdout",
    recorded.stdout.replaceAll(cwd, "<cwd>"),
    "--- stderr",
    recorded.stderr.replaceAll(cwd, "<cwd>"),
  ].join("\n");
