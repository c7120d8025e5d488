import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Progress } from "../../src/words/types.ts";
import { folderWith } from "../support/temporary-folder.ts";
import { record } from "./recording.ts";

const told = (phase: Progress["phase"], done: number): Progress => ({ phase, done, total: done });

test.for([
  ["is collected when many rows are merged", [told("write", 5000), told("merge", 5000)], true],
  ["is collected while many search files are written", [told("files", 5000)], true],
  ["stays while few search files are written", [told("files", 500)], false],
  ["stays while rows are written", [told("write", 5000), told("write", 5000)], false],
  ["stays when few rows are merged", [told("write", 5), told("merge", 5)], false],
] as const)("garbage %s", async ([, events, isCollected]) => {
  const cwd = await folderWith({});
  const garbage: WeakRef<object>[] = [];
  await record(["index"], {
    cwd,
    useCases: {
      async indexSite({ onProgress }) {
        garbage.push(new WeakRef({}));
        // A reference that is made in this turn keeps its object until the next.
        await setImmediate();
        for (const event of events) onProgress?.(event);
        throw new Error("That is all.");
      },
    },
  });
  expect(garbage.map((one) => one.deref() === undefined)).toEqual([isCollected]);
});
