import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SEARCH_PLACES } from "../../src/config/config-file.ts";
import { loadConfig } from "../../src/providers/load-config.ts";
import { folderWith } from "../support/temporary-folder.ts";
import { record } from "./recording.ts";

const dependsOn = (...names: readonly string[]): string =>
  JSON.stringify({
    type: "module",
    devDependencies: Object.fromEntries(names.map((n) => [n, "*"])),
  });

test.each([
  [{ "package.json": dependsOn("typescript") }, "siterag.config.ts"],
  [{ "tsconfig.json": "{}" }, "siterag.config.ts"],
  [{ "package.json": dependsOn("astro") }, "siterag.config.mjs"],
  [{ "package.json": "{ broken" }, "siterag.config.mjs"],
  [{ "package.json": `\uFEFF${dependsOn("typescript")}` }, "siterag.config.ts"],
])("for %j the file is %s", async (files, expected) => {
  const cwd = await folderWith(files);
  const { stdout } = await record(["init"], { cwd, useCases: {} });
  expect(stdout).toContain(`Wrote ${expected}`);
});

test.each([
  [{}, "none"],
  [{ GEMINI_API_KEY: "" }, "none"],
  [{ GEMINI_API_KEY: "key" }, "gemini"],
  [{ GOOGLE_API_KEY: "key" }, "gemini"],
])("with the variables %j the provider is %s", async (env, provider) => {
  const cwd = await folderWith({ "package.json": '{ "type": "module" }' });
  const { stdout } = await record(["init"], { cwd, useCases: {}, env });
  expect((await loadConfig({ cwd })).config.embedding.provider).toBe(provider);
  expect(stdout.includes("There is no key in GEMINI_API_KEY")).toBe(provider === "none");
  for (const name of ["gemini", "local", "none"]) {
    const choice = `\n  ${name}${name === provider ? " (set now)" : ""}: `;
    expect(stdout).toContain(choice);
  }
});

const ASTRO_FILE = { "package.json": dependsOn("astro", "siterag"), "astro.config.mjs": "" };

test.each([
  [
    ASTRO_FILE,
    'astro.config.mjs:\n  import siterag from "siterag/astro"; // integrations: [ …, siterag()]',
  ],
  [
    { ...ASTRO_FILE, "package.json": dependsOn("astro", "@astrojs/starlight", "siterag") },
    'astro.config.mjs:\n  import siterag from "siterag/starlight"; // starlight({ …, plugins: [siterag()] })',
  ],
  [
    { "package.json": dependsOn("vitepress", "siterag"), "docs/.vitepress/config.ts": "" },
    'docs/.vitepress/config.ts:\n  import siterag from "siterag/vitepress"; // vite: { plugins: [siterag()] }',
  ],
])(
  "for %j init prints the line that gives the site its search, until it is there",
  async (files, lines) => {
    const { stdout } = await record(["init"], { cwd: await folderWith(files), useCases: {} });
    const what = "For search in the site, from an index that each build updates, add this to";
    expect(stdout).toContain(`${what} ${lines}\n`);
    const config = Object.keys(files).find((name) => name.includes("config.")) ?? "";
    const done = { ...files, [config]: lines };
    const again = await record(["init"], { cwd: await folderWith(done), useCases: {} });
    expect(again.stdout).not.toContain("For search in the site");
  },
);

const INSTALL = "../../example-site/src/content/docs/getting-started/install.mdx";

/** The lines of the page "Install" that leave packages out, without spaces. */
async function linesOfPage(label: string): Promise<string> {
  const page = await readFile(new URL(INSTALL, import.meta.url), "utf8");
  const [, section = ""] = page.split("## Leave out what");
  const [, tab = ""] = section.split(`<TabItem label="${label}">`);
  return (/```\w+ title=[^\n]*\n(.*?)```/su.exec(tab)?.[1] ?? "").replaceAll(/\s/gu, "");
}

test.each([
  [{ "package-lock.json": "" }, "pnpm/11.2.0 npm/? node/v24", "npm"],
  [{ "pnpm-lock.yaml": "" }, "npm/11.2.0 node/v24", "pnpm"],
  [{ "yarn.lock": "" }, "", "Yarn"],
  [{}, "pnpm/11.2.0 npm/? node/v24", "pnpm"],
  [{}, "", "npm"],
] as const)("with %j and the agent %j init prints the lines of %s", async (files, agent, label) => {
  const cwd = await folderWith(files);
  const env = { npm_config_user_agent: agent };
  const { stdout } = await record(["init"], { cwd, useCases: {}, env });
  const [, printed = ""] = stdout.split(`run \`${label.toLowerCase()} install\`:\n`);
  const [lines = ""] = printed.split("Next:");
  const expected = await linesOfPage(label);
  expect(expected).toContain("@lancedb/lancedb");
  expect([lines, `{${lines}}`].map((text) => text.replaceAll(/\s/gu, ""))).toContain(expected);
});

test("with Yarn, no package of anybody else stands for what is left out", async () => {
  const cwd = await folderWith({ "yarn.lock": "" });
  const { stdout } = await record(["init"], { cwd, useCases: {} });
  expect(stdout).toContain('"@lancedb/lancedb/openai": "link:');
  expect(stdout).not.toContain("npm:");
});

describe("nothing is overwritten", () => {
  test.each([...SEARCH_PLACES])("%s is there already", async (place) => {
    const text = '{ "siterag": {} }';
    const cwd = await folderWith({ [place]: text });
    const { exitCode, stderr, stdout } = await record(["init"], { cwd, useCases: {} });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/^siterag: .* exists, so nothing was written; /u);
    expect(stderr).toContain(place);
    expect(await readFile(join(cwd, place), "utf8")).toBe(text);
  });

  test("a second init changes nothing", async () => {
    const cwd = await folderWith({});
    await record(["init"], { cwd, useCases: {} });
    const before = await readFile(join(cwd, ".gitignore"), "utf8");
    expect((await record(["init"], { cwd, useCases: {} })).exitCode).toBe(2);
    expect(await readFile(join(cwd, ".gitignore"), "utf8")).toBe(before);
  });

  test.each([
    ["", ".siterag/\n"],
    ["dist/\n", "dist/\n.siterag/\n"],
    ["dist/", "dist/\n.siterag/\n"],
    ["dist/\r\n", "dist/\r\n.siterag/\r\n"],
    [".siterag/\ndist/\n", ".siterag/\ndist/\n"],
    ["/.siterag", "/.siterag"],
  ])("the ignore file %j becomes %j", async (before, after) => {
    const cwd = await folderWith({ ".gitignore": before });
    await record(["init"], { cwd, useCases: {} });
    expect(await readFile(join(cwd, ".gitignore"), "utf8")).toBe(after);
  });
});

test("--config names the file to write, and must name a script", async () => {
  const cwd = await folderWith({ "site/a.md": "" });
  const wrong = await record(["init", "--config", "site/x.json"], { cwd, useCases: {} });
  expect(wrong.exitCode).toBe(2);
  const right = await record(["init", "--config", "site/x.mjs"], { cwd, useCases: {} });
  expect(right.exitCode).toBe(0);
  expect((await loadConfig({ cwd, file: "site/x.mjs" })).config.content.root).toBe(
    join(cwd, "site/docs"),
  );
});
