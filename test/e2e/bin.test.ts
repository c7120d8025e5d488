import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { MANY_FILES } from "../../src/cli/start-again.ts";
import { startEmulator } from "../support/emulator/emulator.ts";
import { loadedIn, packagesOf, TELL_LOADED } from "../support/tell-loaded.ts";
import { folderWith } from "../support/temporary-folder.ts";

const BIN = fileURLToPath(new URL("../../src/cli/bin.ts", import.meta.url));
const started = promisify(execFile);

/** A module that makes this Node pass for another version. */
const passFor = (version: string): string =>
  `data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"${version}"}})`;

test.each(["20.20.2", "22.17.9", "18.0.0"])("Node %s is refused in one line", async (version) => {
  const running = started(process.execPath, ["--import", passFor(version), BIN, "--version"]);
  const error: unknown = await running.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 2, stdout: "" });
  expect(error).toHaveProperty(
    "stderr",
    expect.stringMatching(
      /^siterag needs Node\.js 22\.18 or newer; this is [\d.]+\..*npx siterag.*\n$/,
    ),
  );
});

test.each(["22.18.0", "24.0.0", "100.0.0"])("Node %s is welcome", async (version) => {
  const running = started(process.execPath, ["--import", passFor(version), BIN, "--version"]);
  expect((await running).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("a typed configuration makes Node warn of nothing, whatever the package's type", async () => {
  const config = 'import { defineConfig } from "siterag";\nexport default defineConfig({});\n';
  const cwd = await folderWith({ "package.json": "{}", "siterag.config.ts": config });
  const { stdout, stderr } = await started(process.execPath, [BIN, "status", "--json"], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ index: null });
  expect(stderr).toBe("");
});

describe("a configuration that is a program", () => {
  /** Runs `status --json` with it. */
  const runWith = async (script: string) => {
    const cwd = await folderWith({ "siterag.config.mjs": script });
    const running = started(process.execPath, [BIN, "status", "--json"], { cwd, timeout: 20_000 });
    return running.catch((reason: unknown) => reason);
  };

  test("prints, and keeps timers that print: the output is JSON alone, and the run ends", async () => {
    const ended = await runWith(
      'console.log("one"); setInterval(() => console.log("two"), 10); export default {};',
    );
    expect(ended).toMatchObject({ stderr: expect.stringContaining("one") });
    const { stdout } = z.object({ stdout: z.string() }).parse(ended);
    expect(JSON.parse(stdout)).toMatchObject({ index: null });
  });

  test.each([
    {
      what: "waits for ever",
      script: "await new Promise(() => {}); export default {};",
      code: 2,
      says: "siterag: siterag.config.mjs cannot be read: it does not finish",
    },
    {
      what: "ends the process",
      script: "process.exit(0);",
      code: 1,
      says: "siterag: the command was cut short.",
    },
  ])("$what: no run ends with 0 that has not done its work", async ({ script, code, says }) => {
    const stderr = expect.stringContaining(says);
    expect(await runWith(script)).toMatchObject({ code, stderr, stdout: "" });
  });
});

describe.runIf(process.platform === "linux")("where there are many files", () => {
  /** Prints the process and its setting of memory whenever it is read. */
  const TELLING = `
process.stderr.write(process.pid + " " + process.env.MALLOC_ARENA_MAX + "\\n");
const config = { content: { include: ["*.md"] }, embedding: { provider: "none" } };
`;

  /** A site of one page, with many other files. */
  const siteWith = (script: string): Promise<string> => {
    const notes = Array.from({ length: MANY_FILES }, (_, at) => [`docs/notes/${at}.txt`, ""]);
    const config = { "siterag.config.mjs": `${TELLING}${script}\nexport default config;` };
    return folderWith({ ...Object.fromEntries(notes), "docs/a.md": "# A\n\nText.\n", ...config });
  };

  test.each([
    [
      "as it was called",
      'process.chdir("/"); process.argv.push("--no"); process.execArgv = ["--no"];',
    ],
    ["even if its configuration takes the setting away", "delete process.env.MALLOC_ARENA_MAX;"],
  ])("the same process starts once more, %s", async (_, script) => {
    const cwd = await siteWith(script);
    const running = started(process.execPath, [BIN, "index", "--json"], { cwd });
    const { stdout, stderr } = await running;
    expect(JSON.parse(stdout)).toMatchObject({ pages: 1 });
    const { pid } = running.child;
    expect(stderr).toBe(`${pid} undefined\n${pid} 2\n`);
  });

  test.each([
    ["Node's file is gone", 'Object.defineProperty(process, "execPath", { value: "/gone" });'],
    ["Node may not", "process.execve = () => { throw new Error('Not permitted.'); };"],
  ])("the process goes on where %s", async (_, script) => {
    const cwd = await siteWith("");
    const hook = `data:text/javascript,${encodeURIComponent(script)}`;
    const running = started(process.execPath, ["--import", hook, BIN, "index", "--json"], { cwd });
    const { stdout, stderr } = await running;
    expect(JSON.parse(stdout)).toMatchObject({ pages: 1 });
    expect(stderr).toBe(`${running.child.pid} undefined\n`);
  });

  test("a run that is interrupted before ends with 130", async () => {
    const cwd = await siteWith("await new Promise((go) => setTimeout(go, 1500));");
    const child = spawn(process.execPath, [BIN, "index"], { cwd });
    const ended = once(child, "close");
    await once(child.stderr, "data");
    child.kill("SIGINT");
    expect((await ended)[0]).toBe(130);
  });
});

test("an interrupted run ends with 130 and says so", async () => {
  const page = "# Page\n\nText of a page that takes a moment to read and embed.\n";
  const pages = Array.from({ length: 300 }, (_, index) => [`docs/${index}.md`, page + index]);
  const config = '{ "embedding": { "provider": "mock" } }';
  const cwd = await folderWith({ ...Object.fromEntries(pages), "siterag.config.json": config });
  const child = spawn(process.execPath, [BIN, "index"], {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  const ended = once(child, "close");
  await once(child.stderr, "data");
  child.kill("SIGINT");
  expect((await ended)[0]).toBe(130);
  expect(told).toContain(
    "siterag: stopping… press Ctrl-C again to quit now (calls in progress are lost)\n",
  );
  expect(told).toContain("siterag: interrupted");
  expect(told).not.toMatch(/^\s+at /m);
});

test("SIGTERM during a call that hangs ends the run within 5 s, with the answers that came", async () => {
  const emulator = await startEmulator({ latencyMs: 1000 });
  onTestFinished(() => emulator.close());
  emulator.addFault({ name: "hang", text: "Page 0" });
  const batching = { strategy: "individual", textsPerCall: 1 } as const;
  const pages = [0, 1, 2].map((page) => [`docs/${page}.md`, `# Page ${page}\n\nText.\n`]);
  const cwd = await folderWith({
    ...Object.fromEntries(pages),
    "siterag.config.json": JSON.stringify({
      embedding: { provider: "gemini", dimensions: 128 },
      batching,
    }),
  });
  const env = {
    ...process.env,
    GOOGLE_API_KEY: "",
    GEMINI_API_KEY: emulator.key,
    GOOGLE_GEMINI_BASE_URL: emulator.url,
  };
  const child = spawn(process.execPath, [BIN, "index"], { cwd, env, stdio: "ignore" });
  const ended = once(child, "close");
  while (emulator.seen.calls < 3) await wait(10);
  const stoppedAt = performance.now();
  child.kill("SIGTERM");
  expect((await ended)[0]).toBe(130);
  expect(performance.now() - stoppedAt).toBeLessThan(5000);
  const { stdout } = await started(process.execPath, [BIN, "cache", "stats", "--json"], {
    cwd,
    env,
  });
  expect(JSON.parse(stdout)).toMatchObject({ tables: [{ entries: 2 }] });
});

/** The files that Node loads for a command. */
async function loadedFor(cwd: string, ...command: readonly string[]): Promise<readonly string[]> {
  const running = started(process.execPath, ["--import", TELL_LOADED, BIN, ...command], { cwd });
  return loadedIn((await running).stderr);
}

test("a search by words loads no client of a provider", async () => {
  const settings = { embedding: { provider: "mock" } };
  const cwd = await folderWith({
    "siterag.config.json": JSON.stringify(settings),
    "docs/lamp.md": "# Lamp\n\nA lamp needs oil.\n",
  });
  const clients = expect.stringMatching(/\/providers\/clients\./u);
  expect(await loadedFor(cwd, "index")).toContainEqual(clients);
  const loaded = await loadedFor(cwd, "search", "--mode", "text", "oil");
  expect(loaded).toContainEqual(expect.stringMatching(/\/searching\/search\./u));
  expect(loaded).not.toContainEqual(clients);
});

describe("the parsers", () => {
  const loadedBy = async (cwd: string): Promise<readonly string[]> =>
    packagesOf(await loadedFor(cwd, "index"));

  test.each([
    ["Markdown", { content: {} }, ["yaml", "unified"]],
    ["HTML", { content: { from: "html", site: "docs" } }, ["hast-util-from-html"]],
  ])("of %s are loaded only if a page has changed", async (_, { content }, parsers) => {
    const settings = { content, embedding: { provider: "mock" } };
    const cwd = await folderWith({
      "siterag.config.json": JSON.stringify(settings),
      "docs/lamp.md": "---\ntitle: Lamp\n---\n\nA lamp | needs oil.\n",
      "docs/lamp.html": "<html><body><main><h1>Lamp</h1><p>A lamp needs oil.",
    });
    expect(await loadedBy(cwd)).toEqual(expect.arrayContaining(parsers));
    const again = await loadedBy(cwd);
    expect(again).toContain("@lancedb/lancedb");
    expect(again.filter((name) => parsers.includes(name))).toEqual([]);
  });
});
