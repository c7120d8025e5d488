import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startEmulator } from "../support/emulator/emulator.ts";
import { loadedIn, packagesOf, TELL_LOADED } from "../support/tell-loaded.ts";
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
  hits: [
    { page: "tomato.md", url: "/tomato/#watering" },
    { page: "tomato.md", url: "/tomato/#tomatoes" },
    { page: "index.md" },
  ],
};

/** The lines of the page "Install" that leave packages out, for one package manager. */
async function installLines(label: string): Promise<string> {
  const page = "example-site/src/content/docs/getting-started/install.mdx";
  const [, section = ""] = (await readFile(join(ROOT, page), "utf8")).split("## Leave out what");
  const [, tab = ""] = section.split(`<TabItem label="${label}">`);
  return (/```\w+ title=[^\n]*\n(.*?)```/su.exec(tab)?.[1] ?? "").replaceAll(/^ {2}/gmu, "");
}

/** Folders of packages that siterag does not use, below a folder. */
async function unusedPackages(folder: string): Promise<string[]> {
  const unused = /(?:^|\/)node_modules\/(?:@huggingface|onnxruntime-node|sharp|openai)$/u;
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => unused.test(name));
}

beforeAll(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), "siterag-packed-")));
  readme = await readFile(join(ROOT, "README.md"), "utf8");
  emulator = await startEmulator();
  await runFile("npm", ["pack", "--pack-destination", project], { cwd: ROOT });
  const tarball = (await readdir(project)).find((name) => name.endsWith(".tgz"));
  const nodeVersion = process.versions.node;
  const allowScripts = { node: true };
  const lines: unknown = JSON.parse(await installLines("npm"));
  const manifest = { name: "docs", private: true, type: "module", allowScripts, ...Object(lines) };
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

  it("loads few files: none of another package but LanceDB's library, and no database for its help", async () => {
    const folder = await makeMockSite("loads");
    const siterag = `npx node --import '${TELL_LOADED}' ../node_modules/siterag/dist/cli/bin.js`;
    await run(`${siterag} index`, { folder });
    const ofIndex = loadedIn((await run(`${siterag} index`, { folder })).stderr);
    expect(ofIndex.length).toBeLessThan(20);
    const library = expect.stringMatching(/^@lancedb\/lancedb-/u);
    expect(packagesOf(ofIndex).toSorted()).toEqual(["@lancedb/lancedb", library, "siterag"]);
    const ofHelp = loadedIn((await run(`${siterag} --help`, { folder })).stderr);
    expect(ofHelp.length).toBeLessThan(8);
    expect(packagesOf(ofHelp)).toEqual(["siterag"]);
    const tell = `data:text/javascript,process.on("exit",()=>console.error(process.moduleLoadList.join()))`;
    const { stderr } = await run(
      `npx node --import '${tell}' ../node_modules/siterag/dist/cli/bin.js --help`,
      { folder },
    );
    expect(stderr.split(",")).toContain("NativeModule fs");
    expect(stderr).not.toMatch(/NativeModule (?:child_process|crypto|v8)\b/u);
  });

  it("names the packages of which it holds copies, with their terms", async () => {
    const file = join(project, "node_modules/siterag/dist/THIRD-PARTY-LICENSES.txt");
    const terms = await readFile(file, "utf8");
    for (const name of ["@lancedb/lancedb", "apache-arrow", "commander", "yaml", "zod"])
      expect(terms).toMatch(new RegExp(String.raw`^${name} \d+\.\d+\.\d+, `, "mu"));
    const parts = terms.split("\n\n---\n\n").slice(1);
    expect(parts.filter((part) => !/IS PROVIDED|Apache License/iu.test(part))).toEqual([]);
  });

  it("is in the syntax of the oldest Node.js that it runs on: no `using`", async () => {
    const dist = join(project, "node_modules/siterag/dist");
    const scripts = (await readdir(dist, { recursive: true })).filter((name) =>
      name.endsWith(".js"),
    );
    const texts = await Promise.all(scripts.map((name) => readFile(join(dist, name), "utf8")));
    expect(texts.length).toBeGreaterThan(50);
    expect(texts.filter((text) => /\busing [\w$]+ ?= ?/u.test(text))).toEqual([]);
  });

  it("has no source maps", async () => {
    const files = await readdir(join(project, "node_modules/siterag"), { recursive: true });
    expect(files).toContain("dist/cli/bin.js");
    expect(files.filter((name) => name.endsWith(".map"))).toEqual([]);
  });

  it("is installed by npm with the lines of the page Install, without what it does not use", async () => {
    expect(await unusedPackages(project)).toEqual([]);
  });

  it("leaves @huggingface/transformers to a user who installs it, in spite of these lines", async () => {
    await run(
      "npm install --package-lock-only --no-audit --no-fund @huggingface/transformers@3.0.2",
    );
    const lock = await readFile(join(project, "package-lock.json"), "utf8");
    const { packages } = JSON.parse(lock);
    expect(packages["node_modules/@huggingface/transformers"]).toMatchObject({ version: "3.0.2" });
    expect(packages["node_modules/sharp"]).toBeDefined();
    expect(packages["node_modules/@lancedb/lancedb/node_modules/openai"]).toBeUndefined();
    await run("npm uninstall --package-lock-only --no-audit --no-fund @huggingface/transformers");
  });

  it("is installed by pnpm with the lines of the page Install, and runs there", async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "siterag-pnpm-")));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeSite(folder);
    await writeFile(join(folder, "pnpm-workspace.yaml"), await installLines("pnpm"));
    await writeFile(join(folder, "package.json"), '{ "name": "docs", "private": true }');
    const settings = { embedding: { provider: "none" } };
    await writeFile(join(folder, "siterag.config.json"), JSON.stringify(settings));
    await run(`npx --yes pnpm@11.28.11 add ${join(project, "siterag-*.tgz")}`, { folder });
    expect(await unusedPackages(folder)).toEqual([]);
    const { stdout } = await run("npx --yes pnpm@11.28.11 exec siterag index", { folder });
    expect(stdout).toContain("Indexed 2 pages");
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
