import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith } from "../support/temporary-folder.ts";
import { record } from "./recording.ts";

const SITE = {
  "siterag.config.json": '{ "embedding": { "provider": "mock" } }',
  "docs/install.md":
    "# Install\n\nRun the installer.\n\n## On Windows\n\nUse winget to install it.\n",
  "docs/usage.md": "# Usage\n\nCall it from the shell with a folder.\n",
};

test("a site goes the whole way: index, search, related, status, cache", async () => {
  const cwd = await folderWith(SITE);
  const json = async (...argv: readonly string[]): Promise<unknown> => {
    const recorded = await record([...argv, "--json"], { cwd });
    expect(recorded).toMatchObject({ exitCode: 0, stderr: "" });
    return JSON.parse(recorded.stdout);
  };
  expect(await json("index")).toMatchObject({ pages: 2, warnings: [] });
  expect(await json("index")).toMatchObject({ usage: { calls: 0 }, chunks: { added: 0 } });
  expect(await json("search", "winget", "windows", "--limit", "1")).toMatchObject({
    query: "winget windows",
    mode: "hybrid",
    degraded: null,
    hits: [{ page: "install.md", title: "Install" }],
  });
  expect(await json("ask", "winget", "windows")).toMatchObject({
    answer: "Use winget to install it. [1]",
    citations: [{ number: 1, url: "/install/#on-windows" }],
    grounded: true,
  });
  expect(await json("related", "install.md")).toMatchObject({ related: [{ page: "usage.md" }] });
  expect(await json("status")).toMatchObject({ index: { pages: 2, pending: 0 } });
  expect(await json("cache", "stats")).toMatchObject({ tables: [{}] });
  expect(await json("cache", "prune")).toEqual({ removed: 0 });
});

test("a command that finds a damaged store warns on stderr; with --json, stdout is JSON alone", async () => {
  const cwd = await folderWith(SITE);
  await record(["index"], { cwd });
  await rm(join(cwd, ".siterag/db/pages.lance"), { recursive: true });
  const { stderr, stdout } = await record(["jobs", "collect", "--json"], { cwd });
  expect(stderr).toMatch(/^warning: [^\n]*`siterag index` rebuilds pages at no cost\.\n$/u);
  expect(JSON.parse(stdout)).toEqual({ collected: [], out: [], lost: [] });
});

test("questions from a file are answered in its order, grouped by page", async () => {
  const cwd = await folderWith({ ...SITE, "queries.txt": "from the shell\nuse winget\n" });
  await record(["index"], { cwd });
  const argv = ["search", "--batch-query", "queries.txt", "--group-by-page", "--json"];
  const { exitCode, stdout } = await record(argv, { cwd });
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([
    { query: "from the shell", hits: [{ page: "usage.md", others: [] }, { page: "install.md" }] },
    { query: "use winget", hits: [{ page: "install.md", others: [] }, { page: "usage.md" }] },
  ]);
});

test("a dry run of a new site plans everything and leaves nothing behind", async () => {
  const cwd = await folderWith(SITE);
  const { exitCode, stdout, stderr } = await record(["index", "--dry-run", "--json"], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({
    pages: 2,
    plan: { resolved: "individual", calls: [[{ page: "install.md" }, { page: "usage.md" }]] },
    jobsOut: [],
  });
  expect(existsSync(join(cwd, ".siterag"))).toBe(false);
});

test("a dry run of listed pages plans them alone", async () => {
  const cwd = await folderWith({ ...SITE, "pages.txt": "docs/usage.md\n" });
  const argv = ["index", "--dry-run", "--batch-from-file", "pages.txt", "--json"];
  const { exitCode, stdout } = await record(argv, { cwd });
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    pages: 1,
    plan: { calls: [[{ page: "usage.md" }]] },
  });
  expect(existsSync(join(cwd, ".siterag"))).toBe(false);
});

test("a list of paths means those that start at its own folder or at the working folder", async () => {
  const cwd = await folderWith({
    ...SITE,
    "docs/docs/usage.md": "# Inner\n\nAnother page.\n",
    "pages.txt": "docs/usage.md\n",
    "lists/pages.txt": "docs/usage.md\n",
  });
  for (const list of ["pages.txt", "lists/pages.txt"]) {
    const argv = ["index", "--dry-run", "--batch-from-file", list, "--json"];
    const { stdout } = await record(argv, { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ plan: { calls: [[{ page: "usage.md" }]] } });
  }
});

test("an empty list of pages is nothing to do", async () => {
  const cwd = await folderWith({ ...SITE, "pages.txt": "" });
  await record(["index"], { cwd });
  const recorded = await record(["index", "--batch-from-file", "pages.txt"], { cwd });
  expect(recorded.exitCode).toBe(0);
  expect(recorded.stderr).toContain("nothing to do");
});

describe("what is missing is named, with the way on", () => {
  test.each([
    { argv: ["search", "x"], says: "siterag index" },
    { argv: ["related", "install.md"], says: "siterag index" },
  ])("$argv before the first index", async ({ argv, says }) => {
    const cwd = await folderWith(SITE);
    const { exitCode, stdout, stderr } = await record(argv, { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(says);
    expect(stderr.trimEnd()).not.toContain("\n");
    expect(existsSync(join(cwd, ".siterag"))).toBe(false);
  });

  test.each([{ argv: ["status"] }, { argv: ["cache", "stats"] }])(
    "nothing by $argv",
    async ({ argv }) => {
      const cwd = await folderWith(SITE);
      expect((await record(argv, { cwd })).exitCode).toBe(0);
      expect(existsSync(join(cwd, ".siterag"))).toBe(false);
    },
  );

  test("the content root, before the store is touched", async () => {
    const cwd = await folderWith({});
    const { exitCode, stdout, stderr } = await record(["index"], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(join(cwd, "docs"));
    expect(stderr).toContain("content.root");
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(join(cwd, ".siterag"))).toBe(false);
  });

  test("an unknown page, with the nearest one", async () => {
    const cwd = await folderWith(SITE);
    await record(["index"], { cwd });
    const { exitCode, stderr } = await record(["related", "instal.md"], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("install.md");
  });
});

test("what a search needs is the index, not the Markdown", async () => {
  const cwd = await folderWith(SITE);
  await record(["index"], { cwd });
  await rename(join(cwd, "docs"), join(cwd, "gone"));
  expect((await record(["search", "installer"], { cwd })).exitCode).toBe(0);
  await rm(join(cwd, "gone"), { recursive: true });
});

test("status before the first run is no failure", async () => {
  const cwd = await folderWith(SITE);
  const { exitCode, stdout } = await record(["status"], { cwd });
  expect(exitCode).toBe(0);
  expect(stdout).toContain("none yet");
});

describe("the key of the Gemini API", () => {
  const { "siterag.config.json": _, ...site } = SITE;

  test.each([{ env: {} }, { env: { GEMINI_API_KEY: "" } }])(
    "is asked for before the store is touched ($env)",
    async ({ env }) => {
      const cwd = await folderWith(site);
      const { exitCode, stdout, stderr } = await record(["index"], { cwd, env });
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toMatch(/GEMINI_API_KEY.*embedding\.provider: "none"/u);
      expect(existsSync(join(cwd, ".siterag"))).toBe(false);
    },
  );

  test("is not needed with the provider none, which refuses the mode vector with exit code 2", async () => {
    const settings = '{ "embedding": { "provider": "none" } }';
    const cwd = await folderWith({ ...site, "siterag.config.json": settings });
    const of = (...argv: readonly string[]) => record(argv, { cwd });
    const indexed = await of("index");
    expect(indexed).toMatchObject({ exitCode: 0 });
    expect(indexed.stderr).not.toMatch(/warning/u);
    expect(indexed.stdout).toContain("2 chunks (2 added, 0 reused).");
    const found = await of("search", "winget", "--json");
    expect(JSON.parse(found.stdout)).toMatchObject({ mode: "text", degraded: null, hits: [{}] });
    expect((await of("status")).stdout).toMatch(/vectors +none; siterag searches by words/u);
    for (const argv of [
      ["search", "winget", "--mode", "vector"],
      ["related", "usage.md"],
    ]) {
      const { exitCode, stdout, stderr } = await of(...argv);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toMatch(/^siterag: [^\n]*"none"[^\n]*\n$/u);
    }
  });

  test("is not needed for a plan", async () => {
    const cwd = await folderWith(site);
    const { exitCode, stdout } = await record(["index", "--dry-run", "--json"], { cwd });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ plan: { estimate: { texts: 2 } } });
  });

  test("is looked for after the content root, and is not shown by status", async () => {
    const cwd = await folderWith({});
    expect((await record(["index"], { cwd })).stderr).toContain("docs");
    const env = { GEMINI_API_KEY: "very-secret" };
    const { stdout } = await record(["status", "--json"], { cwd, env });
    expect(stdout).not.toContain("very-secret");
  });

  test("missing, a search goes by full text and says why", async () => {
    const cwd = await folderWith(SITE);
    await record(["index"], { cwd });
    await rm(join(cwd, "siterag.config.json"));
    const { exitCode, stdout } = await record(["search", "winget", "--json"], { cwd });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      mode: "text",
      degraded: expect.stringMatching(/\S/u),
      hits: [{ page: "install.md" }],
    });
  });
});

test("a built site goes the whole way without a configuration of its own; before the build it says so", async () => {
  const cwd = await folderWith({ ...SITE });
  const indexed = () => record(["index", "--site", "dist", "--json"], { cwd });
  const early = await indexed();
  expect(early).toMatchObject({ exitCode: 2, stdout: "" });
  expect(early.stderr).toMatch(
    /^siterag: The built site .*dist cannot be opened: build the site first/u,
  );
  expect(existsSync(join(cwd, ".siterag"))).toBe(false);
  await mkdir(join(cwd, "dist/usage"), { recursive: true });
  const html = "<main><h1>Usage</h1><p>Call it from the shell.</p></main>";
  await writeFile(join(cwd, "dist/usage/index.html"), html);
  const { exitCode, stdout } = await indexed();
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ pages: 1, warnings: [] });
  const found = await record(["search", "shell", "--json"], { cwd });
  expect(JSON.parse(found.stdout)).toMatchObject({
    hits: [{ page: "usage/index.html", url: "/usage/", title: "Usage" }],
  });
});
