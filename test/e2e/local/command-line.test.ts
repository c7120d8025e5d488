import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeModel, TINY } from "./make-model.ts";
import { DIRECTORY, WORDS } from "./models.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const BIN = join(ROOT, "dist/cli/bin.js");
const PAGES = join(ROOT, "example-site/src/content/docs");

let home: string;

beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "siterag-local-")));
  await makeModel(join(home, "models/mine"), { ...TINY, seed: 1, words: WORDS });
});
afterAll(() => rm(home, { recursive: true, force: true }));

const LOCAL = { provider: "local", model: "mine", localModelPath: "../models", allowRemote: false };

/** A site with the pages of the example, or others, and with the real runtime unless it is left out. */
async function makeSite(
  name: string,
  {
    embedding = LOCAL,
    pages = PAGES,
    hasRuntime = true,
  }: {
    readonly embedding?: object;
    readonly pages?: string;
    readonly hasRuntime?: boolean;
  } = {},
): Promise<string> {
  const site = join(home, name);
  await mkdir(site);
  await cp(pages, join(site, "docs"), { recursive: true });
  await writeFile(join(site, "siterag.config.json"), JSON.stringify({ embedding }));
  if (hasRuntime) await symlink(join(DIRECTORY, "node_modules"), join(site, "node_modules"));
  return site;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const siterag = (site: string, ...argv: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, GEMINI_API_KEY: "", GOOGLE_API_KEY: "" };
    const child = execFile(
      process.execPath,
      [BIN, ...argv],
      { cwd: site, env, maxBuffer: 100_000_000 },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

const json = ({ stdout }: Ended): unknown => JSON.parse(stdout);

test("the example is indexed and searched, and a second run embeds nothing", async () => {
  const site = await makeSite("example");
  const first = await siterag(site, "index", "--batching-strategy", "batch", "--batch-size", "16");
  expect(first).toMatchObject({ code: 0 });
  expect(first.stderr).toMatch(
    /^[\d,]+ texts → individual: \d+ calls, .*; \$0 \(strategy batch; but this provider has no batch jobs\)$/mu,
  );
  expect(first.stderr).toMatch(
    /^[\d,]+ texts embedded on this machine in [\d.]+ s: [\d,.]+ texts\/s, [\d,.]+ tokens\/s\.$/mu,
  );
  expect(first.stderr).toMatch(/^Embedding texts: 100 %$/mu);
  expect(first.stderr).toMatch(
    /^warning: “The store > The lock” has [\d,]+ tokens, and mine reads 128: /mu,
  );
  const second = await siterag(site, "index", "--json");
  expect(json(second)).toMatchObject({ usage: { calls: 0, texts: 0 }, chunks: { added: 0 } });
  const found = await siterag(site, "search", "--json", "who holds the lock of the store");
  expect(json(found)).toMatchObject({ mode: "hybrid", degraded: null });
  expect(found.stdout).toContain("/concepts/store/#the-lock");
});

test("queries of a file are answered as one by one, in batches", async () => {
  const site = await makeSite("queries", { pages: join(PAGES, "concepts") });
  await siterag(site, "index");
  const queries = ["where is the lock", "mock", "how long may a chunk be before it is split"];
  await writeFile(join(site, "queries.txt"), queries.join("\n"));
  const argv = ["search", "--embedding-provider", "local", "--batch-size", "8", "--limit", "3"];
  const all = await siterag(site, ...argv, "--batch-query", "queries.txt");
  expect(all.stderr).toMatch(/^3 texts embedded on this machine in /mu);
  const alone: string[] = [];
  for (const query of queries) alone.push((await siterag(site, ...argv, query)).stdout);
  expect(all.stdout).toBe(alone.join(""));
});

test("only the listed pages are embedded", async () => {
  const site = await makeSite("list", { pages: join(PAGES, "concepts") });
  await siterag(site, "index");
  await writeFile(join(site, "docs/chunks.md"), "# Chunks\n\nAll is new.\n");
  await writeFile(join(site, "docs/store.md"), "# Store\n\nAll is new, too.\n");
  await writeFile(join(site, "list.txt"), "chunks.md\n");
  const argv = ["--batch-from-file", "list.txt", "--embedding-provider", "local"];
  const listed = await siterag(site, "index", "--json", ...argv, "--batch-size", "4");
  expect(json(listed)).toMatchObject({ usage: { texts: 1 } });
});

test("another provider embeds anew, says so first, and the vectors of both are kept", async () => {
  const site = await makeSite("switch", {
    embedding: { provider: "mock" },
    pages: join(PAGES, "concepts"),
  });
  await siterag(site, "index");
  await writeFile(join(site, "siterag.config.json"), JSON.stringify({ embedding: LOCAL }));
  const before = await siterag(site, "search", "--json", "lock");
  expect(json(before)).toMatchObject({
    mode: "text",
    degraded: expect.stringContaining("the index was built with mock mock-embedding"),
  });
  const { stderr } = await siterag(site, "index");
  expect(stderr).toMatch(
    /^The index was built with mock mock-embedding \(768 dimensions\); this run uses local mine \(32 dimensions\)\. .*\n\d+ texts → individual: 1 call, about \d+ s; \$0/mu,
  );
  const back = await siterag(site, "index", "--json", "--embedding-provider", "mock");
  expect(json(back)).toMatchObject({ usage: { texts: 0 }, chunks: { pending: 0 } });
  await makeModel(join(home, "models/other"), { ...TINY, seed: 9, words: WORDS });
  await cp(join(home, "models/other"), join(site, "model"), { recursive: true });
  const changed = { ...LOCAL, localModelPath: "model" };
  await writeFile(join(site, "siterag.config.json"), JSON.stringify({ embedding: changed }));
  const again = await siterag(site, "index", "--json");
  expect(json(again)).toMatchObject({ chunks: { pending: 0, failed: 0 } });
  const sent = JSON.parse(again.stdout).usage.texts;
  expect(sent).toBe(JSON.parse(again.stdout).chunks.total);
});

test.each([
  {
    name: "no-runtime",
    site: { hasRuntime: false },
    says: "the package @huggingface/transformers is not installed. Run `npm install @huggingface/transformers@4`",
  },
  {
    name: "no-model",
    site: { embedding: { ...LOCAL, model: "me/none", dimensions: 32 } },
    says: "the model “me/none” is not on this machine",
  },
] as const)(
  "$name: one sentence, exit 1, and full text still works",
  async ({ name, says, site }) => {
    const folder = await makeSite(name, { pages: join(PAGES, "concepts"), ...site });
    const { code, stderr } = await siterag(folder, "index");
    expect(code).toBe(1);
    expect(stderr.split(says)).toHaveLength(2);
    const found = await siterag(folder, "search", "--json", "lock");
    expect(found.code).toBe(0);
    expect(json(found)).toMatchObject({ mode: "text", degraded: expect.stringContaining(says) });
  },
);

test.each([
  [{ provider: "local" }, "embedding.model: expected one of granite-"],
  [
    { ...LOCAL, model: "gemini-embedding-2" },
    "embedding.model: “gemini-embedding-2” is not one of",
  ],
  [{ ...LOCAL, model: "me/none" }, "embedding.dimensions: siterag does not know"],
  [{ ...LOCAL, model: "./mine" }, "a folder belongs into embedding.localModelPath"],
  [{ ...LOCAL, batchSize: 0 }, "embedding.batchSize: expected at least 1, got 0"],
])("%j is refused before anything is done", async (embedding, says) => {
  const site = await makeSite(`bad-${crypto.randomUUID()}`, {
    embedding,
    pages: join(PAGES, "concepts"),
  });
  const { code, stderr } = await siterag(site, "index");
  expect(stderr).toContain(says);
  expect(code).toBe(2);
});
