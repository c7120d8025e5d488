import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { DocsSet } from "./docs-sets.ts";

const MAIN = fileURLToPath(new URL("engines/main.mjs", import.meta.url));
const PAGES = z.array(z.array(z.string()));

/** The build that this one is measured against. */
const EARLIER = "8aba75a";

/** Pages of an answer that count. */
export const LIMIT = 10;

/** Lists the pages for each question of a set, best first. */
export type Engine = (set: DocsSet) => Promise<string[][]>;

/** An engine of `engines/`, in a process of its own. Throws where it fails. */
export const otherEngine =
  (name: string, options: Readonly<Record<string, unknown>> = {}): Engine =>
  async ({ content, questions, sections }) => {
    const home = mkdtempSync(join(tmpdir(), "siterag-relevance-"));
    try {
      const [task, answer] = [join(home, "task.json"), join(home, "answer.json")];
      const queries = questions.map(({ query }) => query);
      writeFileSync(task, JSON.stringify({ content, sections, queries, limit: LIMIT, options }));
      const child = spawnSync(process.execPath, [MAIN, name, task, answer], {
        stdio: ["ignore", "ignore", "pipe"],
        encoding: "utf8",
      });
      if (child.status !== 0) throw new Error(`${name}: ${child.stderr}`);
      return PAGES.parse(JSON.parse(readFileSync(answer, "utf8")));
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  };

/** Builds the earlier siterag in a worktree of its own, for as long as `use` takes. */
export async function withEarlier<Value>(use: (build: string) => Promise<Value>): Promise<Value> {
  const home = mkdtempSync(join(tmpdir(), "siterag-earlier-"));
  const run = (command: string, ...given: readonly string[]): void => {
    execFileSync(command, given, { cwd: home, stdio: ["ignore", "ignore", "inherit"] });
  };
  execFileSync("git", ["worktree", "add", "--detach", home, EARLIER], { stdio: "ignore" });
  try {
    run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
    run("npm", "run", "--silent", "build");
    return await use(join(home, "dist"));
  } finally {
    execFileSync("git", ["worktree", "remove", "--force", home]);
  }
}
