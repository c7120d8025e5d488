import { readdir, readFile, stat, utimes } from "node:fs/promises";
import { join, posix, win32 } from "node:path";
import { foundFrom, keepHostOptions } from "../../src/adapters/host-options.ts";
import { describe, expect, it, test } from "vitest";
import { loadConfig } from "../../src/providers/load-config.ts";
import { record } from "../cli/recording.ts";
import { folderWith } from "../support/temporary-folder.ts";
import { build, FILES, PAGES, siteIn } from "./fake-host.ts";

const FILE = ".siterag/options.json";
const { "siterag.config.json": _config, ...WITHOUT_FILE } = FILES;

const options = { embedding: { provider: "mock" }, search: { limit: 1 } } as const;
const found = { content: { root: "docs", site: "dist", baseUrl: "/base/" } } as const;

test("an option file that is written on Windows is the same as on Linux", () => {
  const [windows, linux] = [
    foundFrom("C:\\work", { found, root: "C:\\work\\apps\\site" }, win32),
    foundFrom("/repo", { found, root: "/repo/apps/site" }, posix),
  ];
  expect(windows).toEqual(linux);
  expect(windows.content).toMatchObject({ root: "apps/site/docs", site: "apps/site/dist" });
});

test("builds that begin at once in one process leave one option file", async () => {
  const root = await folderWith(FILES);
  await Promise.all([0, 1, 2].map(() => keepHostOptions(siteIn(root), root)));
  expect(await readdir(join(root, ".siterag"))).toEqual(["options.json"]);
});

describe("the command line", () => {
  it("knows the options of a host's plugin and what the host says, like the build", async () => {
    const root = await folderWith(WITHOUT_FILE);
    const { build: begun } = await build(root, { options, found });
    const { config, directory, file } = await loadConfig({ cwd: root });
    expect({ ...config, access: null }).toEqual({ ...begun.config, access: null });
    expect([directory, file]).toEqual([root, null]);
    const { stdout } = await record(["search", "--json", "tomatoes"], { cwd: root });
    expect(JSON.parse(stdout)).toMatchObject({ hits: [{ url: "/base/tomato/#tomatoes" }] });
  });

  it("asks the index of a part while the site has no other, and then that of the main part", async () => {
    const root = await folderWith(WITHOUT_FILE);
    const settings = { options: { ...options, store: { index: "docs" } }, found };
    const indexes: string[] = [];
    for (const part of ["only-1.0", undefined, "only-1.0"]) {
      await build(root, { ...settings, part });
      indexes.push((await loadConfig({ cwd: root })).config.store.index);
    }
    expect(indexes).toEqual(["docs_only-1.0", "docs", "docs"]);
  });

  it("finds them from every folder, if the host's is below the package's", async () => {
    const root = await folderWith({
      "package.json": "{}",
      "site/docs/tomato.md": "# Tomatoes\n\nWater them.\n",
    });
    await build(join(root, "site"), { options, found });
    const kept: unknown = JSON.parse(await readFile(join(root, FILE), "utf8"));
    expect(kept).toMatchObject({ host: "fake", found: { content: { root: "site/docs" } } });
    for (const cwd of [root, join(root, "site"), join(root, "site/docs")]) {
      const { config } = await loadConfig({ cwd });
      expect(config.content.root).toBe(join(root, "site/docs"));
      expect(config.store.uri).toBe(join(root, ".siterag/db"));
    }
  });

  it("lets flags win over options, options over the file, and the file over the host", async () => {
    const root = await folderWith({
      ...FILES,
      "siterag.config.json":
        '{ "embedding": { "provider": "mock" }, "content": { "baseUrl": "/file/" }, "search": { "limit": 2, "mode": "text" } }',
    });
    await build(root, { options, found });
    const flags = { search: { minScore: 0.5 } };
    const { config } = await loadConfig({ cwd: root, flags });
    expect(config.content).toMatchObject({ baseUrl: "/file/", site: join(root, "dist") });
    expect(config.search).toMatchObject({ limit: 1, mode: "text", minScore: 0.5 });
  });

  it("knows a page of the host whose text shows an address with a key in it", async () => {
    const root = await folderWith({ ...WITHOUT_FILE, "docs/[name].md": "<!-- @content -->\n" });
    const content = "Call `https://example.org/v1?api_key=YOUR_KEY` first.";
    const routes = { "one.md": { file: "[name].md", params: {}, content } };
    await build(root, { options, found: { content: { ...found.content, routes } } });
    const { config } = await loadConfig({ cwd: root });
    expect(config.content.routes).toMatchObject(routes);
  });

  it("takes other options than the last build's where a caller has some", async () => {
    const root = await folderWith(WITHOUT_FILE);
    await build(root, { options, found });
    expect((await loadConfig({ cwd: root, overrides: {} })).config.search.limit).toBe(10);
  });

  test.each([
    ["is damaged", "{", /options\.json is damaged, or another version of siterag wrote it/u],
    [
      "has a wrong option",
      JSON.stringify({
        format: 1,
        host: "fake",
        options: { search: { limit: 0 } },
        found: {},
        withheld: [],
      }),
      /^\.siterag\/options\.json, options of fake: search\.limit: expected at least 1, got 0$/u,
    ],
    [
      "has a wrong setting of the host",
      JSON.stringify({
        format: 1,
        host: "fake",
        options: {},
        found: { content: { baseUrl: 7 } },
        withheld: [],
      }),
      /^\.siterag\/options\.json, configuration of fake: content\.baseUrl: expected a string, got 7$/u,
    ],
  ])("says so if the file %s", async (_what, text, message) => {
    const cwd = await folderWith({ "package.json": "{}", [FILE]: text });
    await expect(loadConfig({ cwd })).rejects.toThrow(message);
  });
});

describe("a wrong value in a build is named with the place that it comes from", () => {
  test.each([
    [{ options: { search: { limit: 0 } } }, "options: search.limit: expected at least 1, got 0"],
    [
      { found: { content: { baseUrl: "" } } },
      'the configuration of fake: content.baseUrl: expected at least 1 character, got ""',
    ],
    [
      { environment: { SITERAG_TEXTS_PER_CALL: "0" } },
      "the environment: SITERAG_TEXTS_PER_CALL: expected at least 1, got 0",
    ],
  ])("%j", async (changes, message) => {
    await expect(build(await folderWith(FILES), changes)).rejects.toThrow(message);
  });
});

it("is written only when something has changed", async () => {
  const root = await folderWith(FILES);
  await build(root, { options, found });
  const long = new Date("2020-01-01");
  await utimes(join(root, FILE), long, long);
  await build(root, { options, found });
  expect((await stat(join(root, FILE))).mtime).toEqual(long);
  await build(root, { options: { ...options, search: { limit: 2 } }, found });
  expect((await stat(join(root, FILE))).mtime).not.toEqual(long);
  expect(await readdir(join(root, ".siterag"))).toEqual([
    "db",
    "options.json",
    "related-chunks.json",
  ]);
});

it("that cannot be written is a warning", async () => {
  const root = await folderWith({ ...FILES, ".siterag/options.json/in-the-way": "" });
  const { warnings } = await build(root, { options, found });
  expect(warnings).toEqual([expect.stringMatching(/options\.json cannot be written/u)]);
  expect((await readdir(join(root, ".siterag"))).sort()).toEqual([
    "db",
    "options.json",
    "related-chunks.json",
  ]);
});

describe("a secret", () => {
  const KEY = "AIzaSyCanaryCanaryCanaryCanaryCanary0";
  const TOKEN = "canary-of-a-token";

  it("of an option is in no file of options, and the command line asks for it", async () => {
    const root = await folderWith(WITHOUT_FILE);
    const secrets = { ...options, search: { limit: 1, queries: [`What is ${KEY}?`, "tomatoes"] } };
    const logs = await build(root, { options: secrets, found });
    const text = await readFile(join(root, FILE), "utf8");
    expect([text, ...logs.infos, ...logs.warnings].join("\n")).not.toContain(KEY);
    expect(JSON.parse(text)).toMatchObject({
      options: { search: { limit: 1 } },
      withheld: ["search.queries"],
    });
    await expect(loadConfig({ cwd: root })).rejects.toThrow(
      /^\.siterag\/options\.json: search\.queries: the build left it out, because it holds a secret/u,
    );
    const flags = { search: { queries: [] } };
    expect((await loadConfig({ cwd: root, flags })).config.search.limit).toBe(1);
  });

  it.each(["DEPLOY_TOKEN", "PGPASSWORD", "STORAGE_CONNECTION_STRING"])(
    "in %s of the environment is in no file and no line, even where an option repeats it",
    async (name) => {
      const root = await folderWith(WITHOUT_FILE);
      const environment = {
        GEMINI_API_KEY: KEY,
        [name]: TOKEN,
        GOOGLE_GEMINI_BASE_URL: "http://127.0.0.1:9",
      };
      const gemini = {
        ...options,
        embedding: { provider: "gemini" },
        calls: { maxRetries: 0 },
      } as const;
      for (const given of [options, gemini]) {
        const withToken = { ...given, search: { questions: `${TOKEN}.yaml` } };
        const { infos, warnings } = await build(
          root,
          { options: withToken, found, environment },
          () => PAGES,
        );
        const log = [...infos, ...warnings].join("\n");
        expect(log).toContain("published 2 pages");
        expect(log).not.toMatch(new RegExp(`${KEY}|${TOKEN}`, "u"));
      }
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      const holding = await Promise.all(
        files.map(async (file) => {
          const text = await readFile(join(file.parentPath, file.name), "latin1");
          return text.includes(KEY) || text.includes(TOKEN) ? [file.name] : [];
        }),
      );
      expect(files.map((file) => file.name)).toContain("options.json");
      expect(holding.flat()).toEqual([]);
    },
  );

  it("in the address of the Gemini API stops a build, which does not repeat it", async () => {
    const environment = { GOOGLE_GEMINI_BASE_URL: `http://user:${TOKEN}@127.0.0.1:9/?key=${KEY}` };
    const gemini = { embedding: { provider: "gemini" } } as const;
    const building = build(await folderWith(WITHOUT_FILE), { options: gemini, environment });
    const error = await building.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "CONFIG_INVALID" });
    expect(String(error)).not.toMatch(new RegExp(`${KEY}|${TOKEN}`, "u"));
  });

  it("in the address of the site stops a build, because every page would show it", async () => {
    const content = { ...found.content, baseUrl: `https://user:${TOKEN}@example.org/` };
    const building = build(await folderWith(FILES), { found: { content } });
    const error = await building.catch((reason: unknown) => reason);
    expect(String(error)).toMatch(
      /the configuration of fake: content\.baseUrl: expected a path or an address without user and password/u,
    );
    expect(String(error)).not.toContain(TOKEN);
  });
});
