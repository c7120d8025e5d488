import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { SiteragConfig } from "../../src/config/schema.ts";
import { configSchema, loadConfig } from "../../src/providers/load-config.ts";
import { SiteragError } from "../../src/words/errors.ts";
import { folderWith } from "../support/temporary-folder.ts";

const SCRIPT = 'export default { content: { root: "pages" } };\n';
const TYPED = `import { defineConfig } from "siterag";
const root: string = "pages";
export default defineConfig({ content: { root } });
`;
const COMMON = 'module.exports = { content: { root: "pages" } };\n';

describe("every place and form of a configuration is read", () => {
  test.each([
    ["siterag.config.ts", TYPED],
    ["siterag.config.mts", TYPED],
    ["siterag.config.cts", COMMON],
    ["siterag.config.js", SCRIPT],
    ["siterag.config.mjs", SCRIPT],
    ["siterag.config.cjs", COMMON],
    ["siterag.config.json", '{ "content": { "root": "pages" } }'],
    [".siteragrc", "content:\n  root: pages\n"],
    [".siteragrc.json", '{ "content": { "root": "pages" } }'],
    [".siteragrc.yaml", "content: { root: pages }\n"],
    [".siteragrc.yml", "content: { root: pages }\n"],
    [".siteragrc.ts", TYPED],
    [".siteragrc.mts", TYPED],
    [".siteragrc.cts", COMMON],
    [".siteragrc.js", SCRIPT],
    [".siteragrc.mjs", SCRIPT],
    [".siteragrc.cjs", COMMON],
    ["package.json", '{ "siterag": { "content": { "root": "pages" } } }'],
  ])("%s", async (name, text) => {
    const cwd = await folderWith({ "package.json": '{ "type": "module" }', [name]: text });
    const loaded = await loadConfig({ cwd });
    expect(loaded.file).toBe(join(cwd, name));
    expect(loaded.directory).toBe(cwd);
    expect(loaded.config.content.root).toBe(join(cwd, "pages"));
  });
});

const MARK = "\uFEFF";

describe("a byte order mark in front does not hide a configuration", () => {
  test.each([
    ["siterag.config.json", '{ "content": { "root": "pages" } }'],
    [".siteragrc", "content:\n  root: pages\n"],
    ["siterag.config.ts", TYPED],
    ["siterag.config.cjs", COMMON],
    ["package.json", '{ "siterag": { "content": { "root": "pages" } } }'],
  ])("%s", async (name, text) => {
    const cwd = await folderWith({ "package.json": "{}", [name]: MARK + text });
    const loaded = await loadConfig({ cwd });
    expect(loaded).toMatchObject({ file: join(cwd, name) });
    expect(loaded.config.content.root).toBe(join(cwd, "pages"));
  });
});

describe("a package.json without our key is never in the way", () => {
  test.each([
    ["a byte order mark", `${MARK}{ "name": "x" }`],
    ["no object", "[]"],
    ["a conflict of git", '<<<<<<< HEAD\n{ "name": "x" }\n'],
    ["nothing", ""],
  ])("%s", async (_what, text) => {
    const cwd = await folderWith({ "package.json": text });
    expect((await loadConfig({ cwd })).file).toBeNull();
    await writeFile(join(cwd, "siterag.config.json"), "{}");
    expect((await loadConfig({ cwd })).file).toBe(join(cwd, "siterag.config.json"));
    const named = await loadConfig({ cwd, file: "siterag.config.json" });
    expect(named.file).toBe(join(cwd, "siterag.config.json"));
  });

  test("one that is broken and may have the key is named, but not beside a configuration", async () => {
    const cwd = await folderWith({ "package.json": '{ "siterag": { ' });
    await expect(loadConfig({ cwd })).rejects.toThrow("package.json cannot be read: Expected");
    await writeFile(join(cwd, "siterag.config.json"), "{}");
    expect((await loadConfig({ cwd })).file).toBe(join(cwd, "siterag.config.json"));
  });
});

describe("in a package of CommonJS", () => {
  test.each([
    ["siterag.config.ts", TYPED],
    [
      "siterag.config.ts",
      `import { root } from "./root.ts";\nexport default { content: { root } };\n`,
    ],
    ["siterag.config.ts", COMMON],
    ["siterag.config.js", SCRIPT],
    ["siterag.config.js", COMMON],
  ])("%s is read: %j", async (name, text) => {
    const cwd = await folderWith({
      "package.json": '{ "type": "commonjs" }',
      "root.ts": 'export const root: string = "pages";\n',
      [name]: text,
    });
    expect((await loadConfig({ cwd })).config.content.root).toBe(join(cwd, "pages"));
  });

  test.each(["siterag.config.cts", "siterag.config.cjs"])(
    "%s with the syntax of an ES module is refused with a way out",
    async (name) => {
      expect((await failure(name, SCRIPT)).message).toContain(
        "write `module.exports = { … }`, or end its name in .mts or .mjs",
      );
    },
  );
});

test.each(["siterag.config.yaml", "siterag.config.jsonc", ".siteragrc.toml"])(
  "%s, which siterag does not read, is not passed over in silence",
  async (name) => {
    const cwd = await folderWith({ "package.json": "{}", [name]: "a: 1" });
    await expect(loadConfig({ cwd })).rejects.toThrow(`${name} is not read: `);
    await writeFile(join(cwd, "siterag.config.json"), "{}");
    expect((await loadConfig({ cwd })).file).toBe(join(cwd, "siterag.config.json"));
  },
);

describe("where the search goes", () => {
  test("without a file the defaults hold and paths start at the working folder", async () => {
    const cwd = await folderWith({ "package.json": "{}" });
    const loaded = await loadConfig({ cwd });
    const defaults = configSchema.parse({});
    expect(loaded).toStrictEqual({
      config: {
        ...defaults,
        access: { apiKey: null, baseUrl: null, unusedProxy: null },
        content: { ...defaults.content, root: join(cwd, "docs") },
        store: { ...defaults.store, uri: join(cwd, ".siterag/db") },
        search: { ...defaults.search, questions: join(cwd, "siterag.questions.yaml") },
      },
      file: null,
      directory: cwd,
    });
  });

  test("a file above is found, and its paths stay relative to it", async () => {
    const folder = await folderWith({
      "package.json": "{}",
      ".siteragrc": "{}",
      "docs/guide/a.md": "",
    });
    const loaded = await loadConfig({ cwd: join(folder, "docs/guide") });
    expect(loaded.directory).toBe(folder);
    expect(loaded.config.content.root).toBe(join(folder, "docs"));
  });

  test("the search stops at the nearest folder with a package.json", async () => {
    const folder = await folderWith({ ".siteragrc": "{}", "site/package.json": "{}" });
    expect((await loadConfig({ cwd: join(folder, "site") })).file).toBeNull();
  });

  test("the first place counts alone: two files are not merged", async () => {
    const cwd = await folderWith({
      "package.json": '{ "siterag": { "search": { "limit": 7 } } }',
      "siterag.config.json": '{ "search": { "mode": "text" } }',
    });
    const { search } = (await loadConfig({ cwd })).config;
    expect(search).toMatchObject({ mode: "text", limit: 10 });
  });

  test("a named file is taken in place of the search", async () => {
    const cwd = await folderWith({ ".siteragrc": "{ a: b }", "other/site.mjs": SCRIPT });
    const loaded = await loadConfig({ cwd, file: "other/site.mjs" });
    expect(loaded.config.content.root).toBe(join(cwd, "other/pages"));
  });
});

describe("values", () => {
  test("options go over the file key by key, and undefined sets nothing", async () => {
    const cwd = await folderWith({ ".siteragrc": "{ search: { limit: 7, mode: text } }" });
    const { config } = await loadConfig({
      cwd,
      overrides: { search: { limit: 3, mode: undefined }, store: { index: "branch" } },
    });
    expect(config.search).toMatchObject({ limit: 3, mode: "text" });
    expect(config.store.index).toBe("branch");
  });

  test.each(["s3://bucket/site", "db://team", "memory://"])(
    "the address %s is not made a path",
    async (uri) => {
      const cwd = await folderWith({ ".siteragrc": JSON.stringify({ store: { uri } }) });
      expect((await loadConfig({ cwd })).config.store.uri).toBe(uri);
    },
  );
});

async function failure(file: string, text: string, named?: string): Promise<SiteragError> {
  const cwd = await folderWith({ "package.json": '{ "type": "module" }', [file]: text });
  const error: unknown = await loadConfig({
    cwd,
    ...(named === undefined ? {} : { file: named }),
  }).catch((reason: unknown) => reason);
  if (!(error instanceof SiteragError)) throw new Error(`no SiteragError but ${String(error)}`);
  return error;
}

describe("a file that cannot be used is named in one line", () => {
  test.each([
    ["siterag.config.mjs", "export default {\n  a: ,\n};\n", "Unexpected token ','"],
    ["siterag.config.ts", "export default { a: ;\n", "siterag.config.ts cannot be read: "],
    ["siterag.config.mjs", 'throw new Error("no luck\\nat all");', "cannot be read: no luck"],
    ["siterag.config.mjs", 'throw "plain words";', "cannot be read: plain words"],
    [
      "siterag.config.mjs",
      'import { readFileSync } from "node:fs"; readFileSync("/not/there"); export default {};',
      "ENOENT: no such file or directory, open '/not/there'",
    ],
    ["siterag.config.mjs", 'import "not-there"; export default {};', "Cannot find package"],
    [
      "siterag.config.mjs",
      'export default { get content() { throw new Error("no luck"); } };',
      "cannot be read: no luck",
    ],
    [
      "siterag.config.mjs",
      'export default { content: { get root() { throw new Error("no luck"); } } };',
      "cannot be read: no luck",
    ],
    ["siterag.config.json", '{ "content": ', "siterag.config.json cannot be read: "],
    [".siteragrc", "content: [a\n", ".siteragrc cannot be read: "],
    ["siterag.config.mjs", "export const content = {};", "holds no configuration"],
    [".siteragrc", "", "holds no configuration"],
    ["siterag.config.mjs", "export default () => ({});", "must hold one object"],
    ["siterag.config.json", "[]", "must hold one object"],
    ["package.json", '{ "siterag": "yes" }', "must hold one object"],
  ])("%s: %j", async (file, text, expected) => {
    const error = await failure(file, text);
    expect(error.code).toBe("CONFIG_UNREADABLE");
    expect(error.message).toContain(expected);
    expect(error.message).toContain(file);
    expect(error.message).not.toContain("\n");
  });

  test("a named file that is not there", async () => {
    const error = await failure("a.md", "", "none.config.ts");
    expect(error.message).toBe("none.config.ts cannot be read: there is no such file");
  });

  test("a named folder", async () => {
    expect((await failure("sub/a.md", "", "sub")).message).toBe(
      "sub cannot be read: it is a folder; name a file",
    );
  });

  test.each([
    ["await new Promise(() => {}); export default {};"],
    ["export default new Promise(() => {});"],
  ])("a script that never ends: %s", async (text) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const failed = failure("siterag.config.mjs", text);
      await vi.waitFor(() => expect(vi.getTimerCount()).toBe(2));
      vi.advanceTimersByTime(30_000);
      expect((await failed).message).toBe(
        "siterag.config.mjs cannot be read: it does not finish; an `await` in it waits for something that does not come",
      );
    } finally {
      vi.useRealTimers();
    }
  });

  test("the original error is kept as the cause", async () => {
    const error = await failure("siterag.config.mjs", 'throw new TypeError("inner");');
    expect(error.cause).toMatchObject({ name: "TypeError", message: "inner" });
  });
});

describe("what comes from where", () => {
  const file = { ".siteragrc": "{ batching: { strategy: batch, urgentCount: 7 } }" };
  const overrides = { batching: { strategy: "individual" } } as const;
  const flags = { batching: { strategy: "individual" } } as const;
  const environment = { SITERAG_BATCHING_STRATEGY: "auto" };

  test.each([
    { what: "the file before the defaults", given: {}, strategy: "batch" },
    { what: "options before the file", given: { overrides }, strategy: "individual" },
    { what: "the environment before options", given: { overrides, environment }, strategy: "auto" },
    { what: "flags before the environment", given: { environment, flags }, strategy: "individual" },
    {
      what: "an empty variable sets nothing",
      given: { environment: { SITERAG_BATCHING_STRATEGY: "" } },
      strategy: "batch",
    },
    {
      what: "a flag that was not given sets nothing",
      given: { flags: { batching: { strategy: undefined } } },
      strategy: "batch",
    },
  ])("$what", async ({ given, strategy }) => {
    const cwd = await folderWith(file);
    const { config } = await loadConfig({ cwd, ...given });
    expect(config.batching).toMatchObject({ strategy, urgentCount: 7 });
  });

  test.each([
    { named: "gemini", embedding: { provider: "gemini", model: "gemini-embedding-001" } },
    { named: undefined, embedding: { provider: "gemini", model: "gemini-embedding-001" } },
    { named: "mock", embedding: { provider: "mock", model: "mock-embedding" } },
  ])("a flag that names $named gives $embedding.model", async ({ named, embedding }) => {
    const cwd = await folderWith({
      ".siteragrc": "{ embedding: { model: gemini-embedding-001 } }",
    });
    const { config } = await loadConfig({ cwd, flags: { embedding: { provider: named } } });
    expect(config.embedding).toMatchObject(embedding);
  });

  test.each([
    ["0.05", 0.05],
    ["2", 2],
    [".05", 0.05],
    ["1e-3", 0.001],
  ])("SITERAG_BUDGET_USD=%s is a budget in dollars", async (value, maxCostUsd) => {
    const cwd = await folderWith({ ".siteragrc": "{ budget: { maxRequests: 7, maxCostUsd: 1 } }" });
    const { config } = await loadConfig({ cwd, environment: { SITERAG_BUDGET_USD: value } });
    expect(config.budget).toEqual({ maxRequests: 7, maxTokens: null, maxCostUsd });
  });

  test("the size of a set and the cutoff of queries come from the environment, too", async () => {
    const cwd = await folderWith({ ".siteragrc": "{ coalesce: { windowMs: 5, maxTexts: 9 } }" });
    const variables = { SITERAG_COALESCE_MAX: "20", SITERAG_QUERY_CUTOFF: "100" };
    const { config } = await loadConfig({ cwd, environment: variables });
    expect(config.coalesce).toEqual({ windowMs: 5, maxTexts: 20 });
    expect(config.queries).toEqual({ cutoffAfter: 100, keepLatest: 200 });
  });

  test.each([
    ["SITERAG_BUDGET_USD", "5 dollars", 'expected a number, got "5 dollars"'],
    ["SITERAG_BUDGET_USD", "-1", 'expected a number, got "-1"'],
    ["SITERAG_BUDGET_USD", ".", 'expected a number, got "."'],
    ["SITERAG_TEXTS_PER_CALL", "1.5", "expected a whole number, got 1.5"],
  ])("%s=%s is refused", async (name, value, says) => {
    const cwd = await folderWith({});
    await expect(loadConfig({ cwd, environment: { [name]: value } })).rejects.toThrow(
      `the environment: ${name}: ${says}`,
    );
  });

  test("a bad value of a variable is refused under its name, one of the file under the file's", async () => {
    const cwd = await folderWith({
      ".siteragrc": "{ batching: { strategy: slow, urgentCount: -1 } }",
    });
    const problem = async (variables: Record<string, string>): Promise<string> =>
      loadConfig({ cwd, environment: variables }).then(
        () => "no problem",
        (error: Error) => error.message,
      );
    expect(await problem({ SITERAG_BATCHING_STRATEGY: "fast" })).toBe(
      [
        'the environment: SITERAG_BATCHING_STRATEGY: expected one of "auto", "batch", "individual", got "fast"',
        ".siteragrc: batching.urgentCount: expected at least 0, got -1",
      ].join("\n"),
    );
    expect(await problem({})).toContain(".siteragrc: batching.strategy: expected one of");
  });
});

test.each([
  [{ HTTPS_PROXY: "http://proxy" }, "HTTPS_PROXY"],
  [{ https_proxy: "http://proxy", HTTPS_PROXY: "http://proxy" }, "https_proxy"],
  [{ HTTPS_PROXY: " " }, null],
  [{ HTTP_PROXY: "http://proxy" }, null],
  [{ HTTP_PROXY: "http://proxy", GOOGLE_GEMINI_BASE_URL: "http://gateway" }, "HTTP_PROXY"],
  [{ HTTPS_PROXY: "http://proxy", NODE_USE_ENV_PROXY: "1" }, null],
  [{ HTTPS_PROXY: "http://proxy", NODE_OPTIONS: "--no-warnings --use-env-proxy" }, null],
])("of the environment %j, Node.js ignores the proxy in %s", async (environment, name) => {
  const { config } = await loadConfig({ cwd: await folderWith({}), environment });
  expect(config.access?.unusedProxy).toBe(name);
});

test("the built site is below the folder of the configuration, whoever names it", async () => {
  const cwd = await folderWith({
    "package.json": "{}",
    ".siteragrc": "{ content: { from: html, site: dist } }",
    "docs/a.md": "",
  });
  const contentWith = async (flags: SiteragConfig) =>
    (await loadConfig({ cwd: join(cwd, "docs"), flags })).config.content;
  expect(await contentWith({})).toMatchObject({ from: "html", site: join(cwd, "dist") });
  const flags = { content: { from: "html", site: "public" } } as const;
  expect(await contentWith(flags)).toMatchObject({ from: "html", site: join(cwd, "public") });
});

const LOCAL = { provider: "local", model: "me/mine", dimensions: 8, localModelPath: "models" };

test("a flag that names another provider leaves the keys of the file's one aside", async () => {
  const cwd = await folderWith({ ".siteragrc.json": JSON.stringify({ embedding: LOCAL }) });
  const embedding = async (flags: SiteragConfig) =>
    (await loadConfig({ cwd, flags })).config.embedding;
  const mock = { embedding: { provider: "mock" } } as const;
  expect(await embedding(mock)).toEqual(configSchema.parse(mock).embedding);
  expect(await embedding({ embedding: { provider: "local" } })).toMatchObject({
    ...LOCAL,
    localModelPath: join(cwd, "models"),
  });
});
