import { expect, test, vi } from "vitest";
import { MANY_FILES, startAgainIfLarge } from "../../src/cli/start-again.ts";
import { folderWith } from "../support/temporary-folder.ts";
import { record } from "./recording.ts";

const files = (count: number, folder: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${folder}/${at}.md`, ""]));

/** The variables that a program is started again with in a folder; null: it is not. */
async function addedIn(
  folder: string,
  env: Record<string, string> = {},
  signal = new AbortController().signal,
): Promise<unknown> {
  const startAgain = vi.fn<(variables: Readonly<Record<string, string>>) => void>();
  const terminal = { write: () => true };
  const world = { cwd: folder, env, stdout: terminal, stderr: terminal, signal, startAgain };
  await startAgainIfLarge(world, folder);
  return startAgain.mock.calls[0]?.[0] ?? null;
}

test("a program with many files to read starts again with the settings of memory that it lacks", async () => {
  const folder = await folderWith({
    ...files(MANY_FILES - 1, "docs/part"),
    ...files(9, "node_modules/x"),
    ...files(9, ".git/objects"),
  });
  expect(await addedIn(folder)).toBe(null);
  expect(await addedIn(`${folder}/missing`)).toBe(null);
  const large = await folderWith(files(MANY_FILES, "docs/part"));
  const thresholds = { MALLOC_MMAP_THRESHOLD_: "1048576", MALLOC_TRIM_THRESHOLD_: "1048576" };
  expect(await addedIn(large, { MALLOC_ARENA_MAX: "4" })).toEqual(thresholds);
  const added = { ...thresholds, MALLOC_ARENA_MAX: "2" };
  expect(await addedIn(large, { MALLOC_ARENA_MAX: "" })).toEqual(added);
  expect(await addedIn(large, added)).toBe(null);
  expect(await addedIn(large, {}, AbortSignal.abort())).toBe(null);
});

test.each([
  { args: ["index"], isStarted: true },
  { args: ["index", "--dry-run"], isStarted: false },
  { args: ["index", "--site", "built"], isStarted: false },
  { args: ["index", "--site", "docs"], isStarted: true },
])("$args: started again $isStarted", async ({ args, isStarted }) => {
  const cwd = await folderWith({ ...files(MANY_FILES, "docs"), "built/index.html": "" });
  const startAgain = vi.fn<() => never>(() => {
    throw new Error("never returns");
  });
  const nothing = () => Promise.reject(new Error("That is all."));
  const useCases = { indexSite: nothing, planSite: nothing };
  await record(args, { cwd, startAgain, useCases });
  expect(startAgain).toHaveBeenCalledTimes(isStarted ? 1 : 0);
});
