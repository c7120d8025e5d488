import { exec } from "node:child_process";
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import type { SiteragConfig } from "../../src/config/schema.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { startEmulator } from "../support/emulator/emulator.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SITERAG = `"${process.execPath}" "${join(ROOT, "dist/cli/bin.js")}"`;
const runShell = promisify(exec);

interface Step {
  readonly command: string;
  readonly printed: string;
}

/** The commands of the one transcript of a page that holds this, with their outputs. */
async function transcriptWith(line: string, path = "README.md"): Promise<readonly Step[]> {
  const page = await readFile(join(ROOT, path), "utf8");
  const blocks = [...page.matchAll(/^```text\n\$ (.*?)\n```$/gmsu)].map(([, text]) => text ?? "");
  const block = blocks.find((text) => text.includes(line)) ?? "";
  return block.split(/\n+\$ /u).map((step) => {
    const [command = "", ...printed] = step.split("\n");
    return { command, printed: masked(printed.join("\n")) };
  });
}

/** Numbers, times, paths and names of jobs differ from run to run, and with every edit of a page. */
const masked = (text: string): string =>
  text
    .trim()
    .replaceAll(/batches\/\w+/gu, "batches/…")
    .replaceAll(/Stored in \S+,/gu, "Stored in …,")
    .replaceAll(/\d[\d.,:TZ-]*/gu, "0")
    // A run says how far it is whenever a call has answered; calls may answer together.
    .replaceAll(/(?:Embedding texts: 0 %\n)+/gu, "Embedding texts: 0 %\n");

/** The example's pages under a configuration of their own. */
async function siteWith(config: SiteragConfig): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "siterag-readme-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(join(ROOT, "example-site/src/content/docs"), join(folder, "docs"), { recursive: true });
  const settings = { ...config, content: { pathStyle: "starlight" } };
  await writeFile(join(folder, "siterag.config.json"), JSON.stringify(settings));
  return folder;
}

async function run(command: string, cwd: string, env: Readonly<Record<string, string>>) {
  const line = command.replace("npx siterag", () => SITERAG).replace(/ # .*$/u, "");
  const { stdout } = await runShell(`(${line}) 2>&1`, { cwd, env: { ...process.env, ...env } });
  return masked(stdout);
}

it("shows what a first index and a search print", async () => {
  const folder = await siteWith({ embedding: { provider: "mock" } });
  const steps = await transcriptWith("siterag search --limit 1");
  expect(steps).toHaveLength(2);
  for (const { command, printed } of steps) expect(await run(command, folder, {})).toBe(printed);
});

it("shows how one run makes a job and a later one collects it", async () => {
  const folder = await siteWith({ batching: { deadlineMinutes: 0 } });
  const clock = createVirtualClock();
  const emulator = await startEmulator({ clock, jobMs: 60_000 });
  onTestFinished(() => emulator.close());
  const env = {
    GOOGLE_API_KEY: "",
    GEMINI_API_KEY: emulator.key,
    GOOGLE_GEMINI_BASE_URL: emulator.url,
  };
  const steps = await transcriptWith("siterag jobs list");
  expect(steps).toHaveLength(3);
  for (const { command, printed } of steps) {
    expect(await run(command, folder, env), command).toBe(printed);
    clock.advance(60_000);
  }
  expect(emulator.billed).toMatchObject({ calls: 0, jobs: 1, duplicates: 0 });
});

const WRITING = {
  generation: {
    enrich: "context",
    model: "gemini-3.8-flash",
    usdPerMillionInputTokens: 0.3,
    usdPerMillionOutputTokens: 2.5,
  },
} as const;

it.each([
  ["siterag index --dry-run", {}],
  ["SITERAG_BUDGET_USD", {}],
  ["sentences of context", WRITING],
] as const)("shows what a run costs: %s", async (line, config) => {
  const folder = await siteWith(config);
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const env = {
    GOOGLE_API_KEY: "",
    GEMINI_API_KEY: emulator.key,
    GOOGLE_GEMINI_BASE_URL: emulator.url,
  };
  const steps = await transcriptWith(line, COST_PAGE);
  expect(steps.length).toBeGreaterThan(0);
  for (const { command, printed } of steps) {
    expect(await run(command, folder, env), command).toBe(printed);
  }
  expect(emulator.billed.duplicates).toBe(0);
});

const COST_PAGE = "example-site/src/content/docs/guides/what-did-that-cost.md";

it("shows how its counts get into OpenTelemetry", async () => {
  const page = await readFile(join(ROOT, COST_PAGE), "utf8");
  const recipe = /^```js\n(?<script>.*?)^```$/msu.exec(page)?.groups?.["script"] ?? "";
  // Inside the package, its own name and its dependencies are found.
  const script = join(ROOT, `dist/recipe-${process.pid}.mjs`);
  const calls = { initialBackoffMs: 1, maxBackoffMs: 1 };
  const folder = await siteWith({ ...WRITING, calls, batching: { strategy: "individual" } });
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  emulator.addFault({ name: "unavailable", times: 1 });
  await writeFile(script, `${METER}\n${recipe}\nconsole.log(JSON.stringify(counted));\n`);
  onTestFinished(() => rm(script));
  const env = {
    ...process.env,
    GOOGLE_API_KEY: "",
    GEMINI_API_KEY: emulator.key,
    GOOGLE_GEMINI_BASE_URL: emulator.url,
  };
  const { stdout } = await runShell(`"${process.execPath}" "${script}"`, { cwd: folder, env });
  const counted: Readonly<Record<string, unknown>> = JSON.parse(stdout);
  expect(counted).toMatchObject({
    "embeddings.success": expect.arrayContaining([[1, { batch_size: 1, retries: 1 }]]),
    "embeddings.latency_ms": expect.arrayContaining([[expect.any(Number), { batch_size: 100 }]]),
    "embeddings.retry": [[1, { attempt: 1, error_type: "UNAVAILABLE" }]],
    "embeddings.tokens": [[expect.any(Number)]],
    "embeddings.dollars": [[expect.any(Number)]],
  });
  const answered = emulator.billed.calls + emulator.generation.billed.calls;
  expect(counted["embeddings.success"]).toHaveLength(answered);
});

/** As much of a meter as the recipe needs; it keeps what it is told. */
const METER = `
import { metrics as global } from "@opentelemetry/api";
const counted = {};
const keeping = (name) => (...told) => (counted[name] ??= []).push(told);
global.setGlobalMeterProvider({
  getMeter: () => ({
    createCounter: (name) => ({ add: keeping(name) }),
    createHistogram: (name) => ({ record: keeping(name) }),
  }),
});`;
