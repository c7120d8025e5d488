import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../../support/temporary-folder.ts";
import { record } from "../recording.ts";
import { type Files, initialised, packageWith } from "./initialised.ts";

const STARLIGHT = packageWith(["astro", "@astrojs/starlight"]);
const ASTRO_CONFIG =
  'import s from "@astrojs/starlight";\nexport default { integrations: [s({})] };';

/** A site with Starlight in a folder. */
const starlightIn = (folder: string): Files => ({
  [`${folder}/package.json`]: STARLIGHT,
  [`${folder}/astro.config.mjs`]: ASTRO_CONFIG,
  [`${folder}/src/content/docs/index.md`]: "",
});

const workspaces = (value: unknown): Files => ({
  "package.json": JSON.stringify({ workspaces: value }),
});

interface Case {
  readonly name: string;
  readonly files: Files;
  readonly found: string;
  /** Names of other sites in the question. */
  readonly others?: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: "workspaces of npm",
    files: { ...workspaces(["tools/*"]), ...starlightIn("tools/manual") },
    found: "tools/manual/astro.config.mjs",
  },
  {
    name: "workspaces of Yarn, as an object",
    files: { ...workspaces({ packages: ["./web/"] }), ...starlightIn("web") },
    found: "web/astro.config.mjs",
  },
  {
    name: "workspaces of pnpm",
    files: {
      "package.json": "{}",
      "pnpm-workspace.yaml": 'packages:\n  - "sites/**"\n  - "!sites/old"\n',
      ...starlightIn("sites/en/docs"),
      ...starlightIn("sites/old"),
    },
    found: "sites/en/docs/astro.config.mjs",
  },
  {
    name: "a broken file of pnpm",
    files: { "pnpm-workspace.yaml": "packages: [", ...starlightIn("website") },
    found: "website/astro.config.mjs",
  },
  ...[
    "docs",
    "website",
    "site",
    "documentation",
    "apps/web",
    "packages/docs",
    "book",
    "guide",
    "doc",
  ].map((folder) => ({
    name: `the usual place ${folder}`,
    files: starlightIn(folder),
    found: `${folder}/astro.config.mjs`,
  })),
  {
    name: "a site without a package file",
    files: { "Cargo.toml": "", "book/book.toml": "[book]", "book/src/a.md": "" },
    found: "book/book.toml",
  },
  {
    name: "the nearest of several sites",
    files: {
      ...starlightIn("packages/docs"),
      "apps/handbook/docusaurus.config.js": "",
      "site/hugo.toml": "",
    },
    found: "site/hugo.toml",
    others: [
      "Docusaurus (apps/handbook/docusaurus.config.js)",
      "Starlight (packages/docs/astro.config.mjs)",
    ],
  },
  {
    name: "of equally near sites the one that is named like documentation",
    files: { ...starlightIn("apps/admin"), ...starlightIn("apps/docs") },
    found: "apps/docs/astro.config.mjs",
    others: ["Starlight (apps/admin/astro.config.mjs)"],
  },
  ...["documentation", "website", "book"].map((name) => ({
    name: `apps/${name} before apps/api`,
    files: { ...starlightIn("apps/api"), ...starlightIn(`apps/${name}`) },
    found: `apps/${name}/astro.config.mjs`,
    others: ["Starlight (apps/api/astro.config.mjs)"],
  })),
  {
    name: "two sites in the folder itself",
    files: { "mkdocs.yml": "", "docs/conf.py": "extensions = []" },
    found: "mkdocs.yml",
    others: ["Sphinx (docs/conf.py)"],
  },
  {
    name: "a configuration below before a package here",
    files: { "package.json": packageWith(["vitepress"]), ...starlightIn("apps/docs") },
    found: "apps/docs/astro.config.mjs",
  },
  {
    name: "a package below",
    files: { "package.json": "{}", "docs/package.json": packageWith(["@11ty/eleventy"]) },
    found: "docs/package.json",
  },
  {
    name: "no site inside of packages that are installed",
    files: {
      ...workspaces(["**"]),
      ...starlightIn("node_modules/theme"),
      ...starlightIn("apps/node_modules"),
      ...starlightIn("apps/a/node_modules/b"),
      "tools/x/y/mkdocs.yml": "",
    },
    found: "tools/x/y/mkdocs.yml",
  },
];

test.each(CASES)("init finds $name", async ({ files, found, others = [] }) => {
  const { foundIn, questions } = await initialised(files);
  expect(foundIn).toBe(found);
  const choices = questions.filter(({ setting }) => setting === "content");
  expect(choices).toHaveLength(others.length === 0 ? 0 : 1);
  for (const other of others) expect(choices[0]?.question).toContain(other);
});

test("the configuration of a site below stands beside it, and the output says where to go", async () => {
  const cwd = await folderWith({ "package-lock.json": "", ...starlightIn("apps/docs") });
  const { exitCode, stdout } = await record(["init"], { cwd, useCases: {} });
  expect(exitCode).toBe(0);
  await expect(stdout).toMatchFileSnapshot("../../../golden/cli/init-monorepo.txt");
  expect(await readFile(join(cwd, "apps/docs/siterag.config.mjs"), "utf8")).toContain(
    'root: "src/content/docs"',
  );
  expect(await readFile(join(cwd, "apps/docs/.gitignore"), "utf8")).toBe(".siterag/\n");
});

test("a configuration that --config names stands there, and its paths lead to the site", async () => {
  const { content, file } = await initialised(starlightIn("apps/docs"), ["--config", "docs.mjs"]);
  expect(file).toBe("docs.mjs");
  expect(content).toMatchObject({ root: "apps/docs/src/content/docs", site: "apps/docs/dist" });
  const cwd = await folderWith(starlightIn("apps/docs"));
  const { stdout } = await record(["init", "--config", "docs.mjs"], { cwd, useCases: {} });
  const [, next] = stdout.split("Next:\n");
  expect(next).toBe(
    [
      "  (cd apps/docs && npx astro build)",
      "  npx siterag index --config docs.mjs",
      "  npx siterag verify --config docs.mjs\n",
    ].join("\n"),
  );
});

test("the package manager of the root builds a site below", async () => {
  const files = { ...starlightIn("docs"), "docs/package.json": packageWith([], { build: "x" }) };
  expect((await initialised({ "pnpm-lock.yaml": "", ...files })).build).toBe("pnpm run build");
  expect((await initialised(files)).build).toBe("npm run build");
});

test("what a pattern names outside of the folder is not looked into", async () => {
  const folder = await folderWith({
    "repository/package.json": JSON.stringify({ workspaces: ["../**"] }),
    "other/mkdocs.yml": "",
  });
  const { stdout } = await record(["init"], { cwd: join(folder, "repository"), useCases: {} });
  expect(stdout).toContain("No site generator was recognised.");
});

test("a link back to the folder itself makes no second site", async () => {
  const cwd = await folderWith({ "apps/web/mkdocs.yml": "" });
  await symlink("..", join(cwd, "apps/up"));
  await symlink("..", join(cwd, "docs"));
  const { stdout } = await record(["init"], { cwd, useCases: {} });
  expect(stdout).toContain(
    "Found MkDocs (apps/web/mkdocs.yml). siterag reads the built HTML in apps/web/site;",
  );
  expect(stdout).not.toContain("Question");
});

test("a configuration that cannot be read stops init, which writes nothing", async () => {
  const cwd = await folderWith({});
  await mkdir(join(cwd, "mkdocs.yml"));
  const { exitCode, stderr } = await record(["init"], { cwd, useCases: {} });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("mkdocs.yml cannot be read, so nothing was written (EISDIR");
  expect(await readdir(cwd)).toEqual(["mkdocs.yml"]);
});

test.each(["siterag.config.mjs", ".gitignore"])(
  "init names %s when it cannot be written",
  async (name) => {
    const cwd = await folderWith({ "mkdocs.yml": "" });
    await symlink("missing/file", join(cwd, name));
    const { exitCode, stderr } = await record(["init"], { cwd, useCases: {} });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${name} cannot be written (`);
  },
);

test("a script that publishes the site is not the command that builds it", async () => {
  const deploying = {
    publish: "vitepress build docs && gh-pages -d x",
    deploy: "vitepress build docs; deploy",
  };
  const files = { "package.json": packageWith(["vitepress"], deploying), "docs/a.md": "" };
  expect((await initialised(files)).build).toBe("npx vitepress build docs");
});

test.each([
  [
    "built HTML, which no command of the project builds",
    { "dist/index.html": "" },
    ["index", "verify"],
  ],
  [
    "Markdown, beside a build of something else",
    { "docs/a.md": "", "package.json": packageWith([], { build: "tsc" }) },
    ["index"],
  ],
])("the next commands fit %s", async (_name, files, commands) => {
  const { stdout } = await record(["init"], { cwd: await folderWith(files), useCases: {} });
  const [, next = ""] = stdout.split("Next:\n");
  expect(next.match(/(?<=npx siterag )\w+/gu)).toEqual(commands);
});

test("a folder with a space stands in quotes", async () => {
  const cwd = await folderWith({
    "apps/our docs/conf.py": "project = 'X'",
    "apps/our docs/Makefile": "BUILDDIR = the build",
  });
  const { stdout } = await record(["init"], { cwd, useCases: {} });
  expect(stdout).toContain('  cd "apps/our docs"\n  sphinx-build -b html . "the build/html"\n');
});

test("a configuration beside the site is not overwritten", async () => {
  const cwd = await folderWith({ ...starlightIn("apps/docs"), "apps/docs/siterag.config.ts": "" });
  const { exitCode, stderr } = await record(["init"], { cwd, useCases: {} });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("apps/docs/siterag.config.ts exists");
});

test.each([
  ["tsconfig.json", { "tsconfig.json": "{}", ...starlightIn("docs") }],
  ["typescript", { "package.json": packageWith(["typescript"]), ...starlightIn("docs") }],
])("with %s at the root the configuration of a site below is typed", async (_name, files) => {
  expect((await initialised(files)).file).toBe("docs/siterag.config.ts");
});
