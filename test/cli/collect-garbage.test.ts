import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Progress } from "../../src/words/types.ts";
import { folderWith } from "../support/temporary-folder.ts";
import { record } from "./recording.ts";

const written = (done: number): Progress => ({ phase: "write", done, total: done });

test.for([
  ["is collected when many rows are merged", [written(5000), written(5000)], true],
  ["stays while rows are written", [written(4000), written(5000)], false],
  ["stays when few rows are merged", [written(5), written(5)], false],
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
