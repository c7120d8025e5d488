import { existsSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { createPlugin } from "../../../src/adapters/docusaurus/plugin.ts";
import { folderWith } from "../../support/temporary-folder.ts";
import { contextOf } from "./docusaurus-context.ts";

const CORE = "node_modules/@docusaurus/core";
const LOGGER = `${CORE}/node_modules/@docusaurus/logger/index.js`;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The plugin for a site with these options, once it has loaded the pages. */
async function pluginWith(options: Parameters<typeof createPlugin>[1] = {}, mode = "production") {
  const siteDir = await folderWith({
    "package.json": "{}",
    [`${CORE}/package.json`]: "{}",
    [LOGGER]: "exports.info = exports.warn = () => {};",
  });
  const plugins = [["siterag/docusaurus", options]];
  const context = contextOf(siteDir, { plugins });
  vi.stubEnv("NODE_ENV", mode);
  const plugin = createPlugin(context, options);
  const actions = { addRoute: () => undefined, setGlobalData: () => undefined };
  if ("allContentLoaded" in plugin) await plugin.allContentLoaded({ allContent: {}, actions });
  return { context, plugin };
}

/** The components of siterag that its components import: a site may take over any of these. */
async function importedComponents(): Promise<readonly string[]> {
  const theme = join(import.meta.dirname, "../../../src/adapters/docusaurus/theme");
  const files = await Array.fromAsync(glob("**/*.ts", { cwd: theme }));
  const texts = await Promise.all(files.map((file) => readFile(join(theme, file), "utf8")));
  const all = texts.flatMap((text) => [...text.matchAll(/"@theme\/(Siterag\w+)"/gu)]);
  return [...new Set(all.map(([, name = ""]) => name))];
}

it.each([
  ["siterag is off", "off", {}],
  ["build.search is off", "", { build: { search: "off" } }],
  ["there is a search", "", { embedding: { provider: "mock" } }],
] as const)("has all that a taken-over component imports if %s", async (_, siterag, options) => {
  vi.stubEnv("SITERAG", siterag);
  const { plugin } = await pluginWith(options);
  const theme = plugin.getThemePath();
  const needed = await importedComponents();
  expect(needed.toSorted()).toEqual(["SiteragLabels", "SiteragRelated"]);
  // `@theme-init/DocItem/Footer` exists where a theme has such a footer, too.
  const missing = [...needed, "DocItem/Footer"].filter(
    (name) => !existsSync(join(theme, name, "index.ts")),
  );
  expect(missing).toEqual([]);
});

it("keeps its options out of the script that every reader loads, also while siterag is off", async () => {
  vi.stubEnv("SITERAG", "off");
  const { context } = await pluginWith({ content: { exclude: ["quokka/**"] } });
  expect(context.siteConfig.plugins).toEqual([["siterag/docusaurus", {}]]);
});

it("gives the pages the list of related pages that other hosts show, in the site's colours", async () => {
  const { plugin } = await pluginWith({ embedding: { provider: "mock" } });
  const sheets = "getClientModules" in plugin ? plugin.getClientModules() : [];
  expect(sheets.map((sheet) => basename(sheet))).toEqual(["related-pages.css", "style.css"]);
  expect(sheets.filter((sheet) => !existsSync(sheet))).toEqual([]);
});

it("builds the site for `docusaurus build --dev`, as for a build that readers get", async () => {
  vi.spyOn(process, "argv", "get").mockReturnValue(["node", "docusaurus", "build", "--dev"]);
  const { context } = await pluginWith({ embedding: { provider: "mock" } }, "development");
  expect(existsSync(join(context.siteDir, ".siterag/options.json"))).toBe(true);
});
