import { expect, test } from "vitest";
import { drawProgress } from "../../src/words/draw-progress.ts";
import type { Progress } from "../../src/words/types.ts";

/** What is written of progress. */
function drawn(isTTY: boolean, ...events: readonly Progress[]): string {
  let all = "";
  const screen = { isTTY, columns: 80, write: (text: string) => (all += text) };
  const { onProgress } = drawProgress(screen);
  for (const event of events) onProgress(event);
  return all;
}

const files = (done: number): Progress => ({ phase: "files", done, total: null });
const merge = (done: number): Progress => ({ phase: "merge", done, total: null });

test.each([true, false])("what is over at once is not told; terminal: %s", (isTTY) => {
  expect(drawn(isTTY, files(499), merge(1999))).toBe("");
});

test("many search files and the merging of many rows are told, in lines that do not repeat", () => {
  expect(drawn(false, files(500), files(900), merge(2000))).toBe(
    "Writing search files\nMerging and indexing rows\n",
  );
  expect(drawn(true, files(500))).toContain("Writing search files 500");
});
