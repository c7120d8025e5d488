import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { folderWith } from "../support/temporary-folder.ts";
import { FILES, siteIn } from "./fake-host.ts";

/** A process that works at a site in a thread until the search is ready, and then has nothing left to do. */
const script = (root: string): string => `
  import { workInThread } from ${JSON.stringify(new URL("../../src/adapters/work-in-thread.ts", import.meta.url))};
  const { logger: _logger, ...site } = ${JSON.stringify({ ...siteIn(root), logger: null })};
  const waiting = setInterval(() => {}, 1000);
  workInThread(site, {
    logger: { info() {}, warn() {} },
    onFiles(files) {
      if (files.size === 0) return;
      console.log("ready");
      clearInterval(waiting);
    },
    onResults() {},
  });
`;

it("does not keep a process alive that has ended its own work", async () => {
  const root = await folderWith(FILES);
  const file = join(root, "work.mjs");
  await writeFile(file, script(root));
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  expect(stdout).toBe("ready\n");
});
