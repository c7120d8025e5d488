import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator } from "../support/emulator/emulator.ts";
import type { Emulator } from "../support/emulator/emulator.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const runFile = promisify(execFile);

/** An empty variable counts as unset: whatever this machine has must not count. */
const WITHOUT_KEY = { GOOGLE_API_KEY: "", GEMINI_API_KEY: "", GOOGLE_GEMINI_BASE_URL: "" };

/** A project of its own with the packed siterag installed, as a user has it. */
let project: string;
let readme: string;
let emulator: Emulator;

interface Place {
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const run = (
  command: string,
  { folder = project, env = WITHOUT_KEY }: Place = {},
): Promise<{ stdout: string; stderr: string }> =>
  runFile("sh", ["-c", command], { cwd: folder, env: { ...process.env, ...env } });

/** The commands of the README for a site, without their comments. */
const commandsOfReadme = (): readonly string[] =>
  (readme.match(/^npx siterag .*$/gmu) ?? []).map((line) => line.replace(/ +# .*$/u, ""));

async function runCommands(commands: readonly string[], place: Place): Promise<void> {
  for (const command of commands) {
    const { stdout, stderr } = await run(command, place);
    expect(stderr, command).not.toMatch(/error|warning/iu);
    expect(stdout, command).not.toBe("");
  }
}

/** A site below the project, which makes its vectors without a key. */
async function makeMockSite(name: string): Promise<string> {
  const folder = join(project, name);
  await writeSite(folder);
  const settings = { embedding: { provider: "mock" } };
  await writeFile(join(folder, "siterag.config.json"), JSON.stringify(settings));
  return folder;
}

async function writeSite(folder: string): Promise<void> {
  await mkdir(join(folder, "docs"), { recursive: true });
  await writeFile(join(folder, "docs/index.md"), "# Home\n\nAll about gardening.\n");
  await writeFile(
    join(folder, "docs/tomato.md"),
    "# Tomatoes\n\n## Watering\n\nWater the tomatoes in the morning.\n",
  );
}

const answerAboutTomatoes = {
  mode: "hybrid",
  degraded: null,
  hits: [{ page: "tomato.md", url: expect.stringMatching(/^\/tomato\//u) }, {}],
};

beforeAll(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), "siterag-packed-")));
  readme = await readFile(join(ROOT, "README.md"), "utf8");
  emulator = await startEmulator();
  await runFile("npm", ["pack", "--pack-destination", project], { cwd: ROOT });
  const tarball = (await readdir(project)).find((name) => name.endsWith(".tgz"));
  const nodeVersion = process.versions.node;
  const allowScripts = { node: true };
  const manifest = { name: "docs", private: true, type: "module", allowScripts };
  await writeFile(join(project, "package.json"), JSON.stringify(manifest));
  await run(`npm install --no-audit --no-fund ./${tarball} node@${nodeVersion}`);
  await writeSite(project);
});
afterAll(async () => {
  await emulator.close();
  await rm(project, { recursive: true, force: true });
});

describe("the packed package", () => {
  it("holds what a user needs and nothing else", async () => {
    const files = await readdir(join(project, "node_modules/siterag"));
    expect(files.sort()).toEqual(["LICENSE", "README.md", "dist", "package.json"]);
  });

  it("asks for a key in one sentence, with exit code 2", async () => {
    const failed: unknown = await run("npx siterag index").catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/siterag: There is no key [^\n]*GEMINI_API_KEY[^\n]*\n$/u),
    });
    expect(await readdir(project)).not.toContain(".siterag");
  });

  it("goes from nothing to an answer by the commands of the README and a key", async () => {
    expect(readme).toContain("export GEMINI_API_KEY=");
    const { key, url } = emulator;
    const place = { env: { ...WITHOUT_KEY, GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url } };
    const commands = commandsOfReadme();
    expect(commands.length).toBeGreaterThan(5);
    await runCommands(commands, place);
    expect(emulator.billed).toMatchObject({ calls: 2, texts: 3, duplicates: 0 });
    const { stdout } = await run("npx siterag search --json when to water tomatoes", place);
    expect(JSON.parse(stdout)).toMatchObject(answerAboutTomatoes);
  });

  it("goes from a configured mock to an answer by the same commands without a key", async () => {
    const folder = await makeMockSite("mock");
    const commands = commandsOfReadme().filter((command) => command !== "npx siterag init");
    await runCommands(commands, { folder });
    const { stdout } = await run("npx siterag search --json when to water tomatoes", { folder });
    expect(JSON.parse(stdout)).toMatchObject(answerAboutTomatoes);
  });

  it("uses the emulator with the lines that `npm run emulator` prints", async () => {
    const folder = join(project, "emulated");
    await writeSite(folder);
    await writeFile(join(folder, "siterag.config.json"), "{}");
    const child = spawn("npm", ["run", "--silent", "emulator"], { cwd: ROOT, detached: true });
    const closed = once(child, "close");
    let printed = "";
    child.stdout.on("data", (data) => (printed += String(data)));
    await expect.poll(() => printed, { timeout: 30_000 }).toContain("Press Ctrl-C to stop it.");
    const lines = printed.match(/export \w+=\S+/gu) ?? [];
    const { stdout } = await run([...lines, "npx siterag index"].join(" && "), { folder });
    process.kill(-(child.pid ?? 0), "SIGINT");
    await closed;
    expect(stdout).toContain("Indexed 2 pages");
    expect(printed).toContain("Billed: 1 calls, 0 jobs, 2 texts");
  });

  it("gives scripts the client by the lines of the README", async () => {
    const script = /```js\n(import \{ SmartGeminiClient \}.*?)```/su.exec(readme)?.[1] ?? "";
    await writeFile(join(project, "client.js"), script);
    const { key, url } = emulator;
    const env = { ...WITHOUT_KEY, GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url };
    const { stdout } = await run("npx node client.js", { env });
    expect(JSON.parse(stdout)).toEqual([expect.closeTo(0.7, 1), expect.closeTo(0, 1)]);
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
