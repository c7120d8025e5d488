import { join } from "node:path";
import { expect, it } from "vitest";
import { coreOf } from "../../../src/adapters/docusaurus/command.ts";
import { folderWith } from "../../support/temporary-folder.ts";

const CORE = "node_modules/@docusaurus/core";

it.each([
  ["has no such module", {}],
  ["has another one", { [`${CORE}/lib/server/site.js`]: "exports.load = () => {};" }],
])("the command says what to do if Docusaurus %s", async (_, files) => {
  const folder = await folderWith({ [`${CORE}/package.json`]: "{}", ...files });
  expect(() => coreOf(join(folder, "docusaurus.config.js"))).toThrow(/Run `docusaurus build`/u);
});
