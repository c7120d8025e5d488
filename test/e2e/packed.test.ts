import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const runFile = promisify(execFile);

/** A project of its own with the packed siterag installed, as a user has it. */
let project: string;

const run = (command: string): Promise<{ stdout: string; stderr: string }> =>
  runFile("sh", ["-c", command], { cwd: project });

beforeAll(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), "siterag-packed-")));
  await runFile("npm", ["pack", "--pack-destination", project], { cwd: ROOT });
  const tarball = (await readdir(project)).find((name) => name.endsWith(".tgz"));
  const nodeVersion = process.versions.node;
  const allowScripts = { node: true };
  const manifest = { name: "docs", private: true, type: "module", allowScripts };
  await writeFile(join(project, "package.json"), JSON.stringify(manifest));
  await run(`npm install --no-audit --no-fund ./${tarball} node@${nodeVersion}`);
  await mkdir(join(project, "docs"));
  await writeFile(join(project, "docs/index.md"), "# Home\n\nAll about gardening.\n");
  await writeFile(
    join(project, "docs/tomato.md"),
    "# Tomatoes\n\n## Watering\n\nWater the tomatoes in the morning.\n",
  );
});
afterAll(() => rm(project, { recursive: true, force: true }));

describe("the packed package", () => {
  it("holds what a user needs and nothing else", async () => {
    const files = await readdir(join(project, "node_modules/siterag"));
    expect(files.sort()).toEqual(["LICENSE", "README.md", "dist", "package.json"]);
  });

  it("goes from nothing to an answer by the commands of the README", async () => {
    const readme = await readFile(join(ROOT, "README.md"), "utf8");
    const commands = readme.match(/^npx siterag .*$/gmu) ?? [];
    expect(commands.length).toBeGreaterThan(5);
    for (const command of commands) {
      const { stdout, stderr } = await run(command.replace(/ +# .*$/u, ""));
      expect(stderr, command).not.toMatch(/error|warning/iu);
      expect(stdout, command).not.toBe("");
    }
    const { stdout } = await run("npx siterag search --json when to water tomatoes");
    const answer: unknown = JSON.parse(stdout);
    expect(answer).toMatchObject({
      mode: "hybrid",
      degraded: null,
      hits: [{ page: "tomato.md", url: expect.stringMatching(/^\/tomato\//u) }, {}],
    });
  });

  it("can be imported, with its mock under siterag/testing", async () => {
    const script = `
      import { defineConfig, indexSite, loadConfig } from "siterag";
      import { MockGeminiClient } from "siterag/testing";
      const { config } = await loadConfig({ cwd: process.cwd(), overrides: defineConfig({ store: { uri: "other-db" } }) });
      const client = new MockGeminiClient();
      const report = await indexSite({ config, client });
      console.log(JSON.stringify({ texts: client.calls.flat().length, chunks: report.chunks.total }));
    `;
    await writeFile(join(project, "script.js"), script);
    const { stdout } = await run("npx node script.js");
    expect(JSON.parse(stdout)).toEqual({ texts: 2, chunks: 2 });
  });
});
