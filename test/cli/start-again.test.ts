import { expect, test, vi } from "vitest";
import { MANY_FILES, startAgainIfLarge } from "../../src/cli/start-again.ts";
import { folderWith } from "../support/temporary-folder.ts";
import { record } from "./recording.ts";

const files = (count: number, folder: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${folder}/${at}.md`, ""]));

/** What a program is started again with in a folder; null: it is not. */
function startedIn(folder: string, env: Record<string, string> = {}): unknown {
  const startAgain = vi.fn<(env: Readonly<Record<string, string | undefined>>) => void>();
  const terminal = { write: () => true };
  const { signal } = new AbortController();
  const world = { cwd: folder, env, stdout: terminal, stderr: terminal, signal, startAgain };
  startAgainIfLarge(world, folder);
  return startAgain.mock.calls[0]?.[0] ?? null;
}

test("a program with many files to read starts again with settings of memory, once", async () => {
  const folder = await folderWith({
    ...files(MANY_FILES - 1, "docs/part"),
    ...files(9, "node_modules/x"),
    ...files(9, ".git/objects"),
  });
  expect(startedIn(folder)).toBe(null);
  expect(startedIn(`${folder}/missing`)).toBe(null);
  const large = await folderWith(files(MANY_FILES, "docs/part"));
  const own = { HOME: "/home/a", MALLOC_ARENA_MAX: "4" };
  const added = { MALLOC_MMAP_THRESHOLD_: "1048576", MALLOC_TRIM_THRESHOLD_: "1048576" };
  expect(startedIn(large, own)).toEqual({ ...own, ...added });
  expect(startedIn(large, { ...own, ...added })).toBe(null);
});

test.each([
  { args: ["index"], isStarted: true },
  { args: ["index", "--dry-run"], isStarted: false },
  { args: ["index", "--batch-from-file", "list.txt"], isStarted: false },
])("$args: started again $isStarted", async ({ args, isStarted }) => {
  const cwd = await folderWith({ ...files(MANY_FILES, "docs"), "list.txt": "docs/1.md\n" });
  const startAgain = vi.fn<() => never>(() => {
    throw new Error("never returns");
  });
  const nothing = () => Promise.reject(new Error("That is all."));
  const useCases = { indexSite: nothing, planSite: nothing };
  await record(args, { cwd, startAgain, useCases });
  expect(startAgain).toHaveBeenCalledTimes(isStarted ? 1 : 0);
});
