import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { otherSearch } from "../../../src/adapters/docusaurus/other-search.ts";
import { EMPTY_CONFIG } from "./docusaurus-context.ts";

const { resolve } = createRequire(import.meta.url);

it.each([
  "@easyops-cn/docusaurus-search-local",
  "docusaurus-lunr-search",
  "@docusaurus/theme-search-typesense",
  "/site/node_modules/docusaurus-plugin-search-local/dist/index.js",
  "C:\\site\\node_modules\\docusaurus-lunr-search\\src\\index.js",
  "./plugins/search.mjs",
])("takes %s for the search of the site", (name) => {
  expect(otherSearch({ ...EMPTY_CONFIG, themes: [[name, { hashed: true }]] })).toBe(name);
});

it.each([
  "siterag/docusaurus",
  resolve("../../../src/adapters/docusaurus/docusaurus.cjs"),
  "docusaurus-plugin-google-search-console",
  "/home/ann/doc-search/site/plugins/lamps/index.js",
  "/home/ann/docsearch/node_modules/docusaurus-plugin-sass/lib/index.js",
  "./plugins/research.mjs",
])("takes %s for no search", (name) => {
  expect(otherSearch({ ...EMPTY_CONFIG, plugins: [name] })).toBeNull();
});

it("takes Algolia's settings for one", () => {
  expect(otherSearch({ ...EMPTY_CONFIG, themeConfig: { algolia: {} } })).toBe("Algolia");
});
