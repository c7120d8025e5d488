import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { hideOptions } from "../../../src/adapters/docusaurus/hide-options.ts";

const { resolve } = createRequire(import.meta.url);

function siterag(): null {
  return null;
}

it.each([
  ["by its name", "siterag/docusaurus"],
  [
    "by the path that `require.resolve` returns",
    resolve("../../../src/adapters/docusaurus/docusaurus.cjs"),
  ],
  ["as a function", siterag],
])("takes the options of siterag out of the configuration that names it %s", (_how, plugin) => {
  const other = ["other", { id: "own" }];
  const config = {
    markdown: {},
    future: {},
    themeConfig: {},
    plugins: [other, [plugin, { content: { exclude: ["quokka/**"] } }]],
    themes: [],
  };
  hideOptions(config);
  expect(config.plugins).toEqual([other, [plugin, {}]]);
});
