import { expect, test } from "vitest";
import { loadModel } from "../../../src/providers/local/load-model.ts";
import { localKeys } from "../../../src/providers/local/local-keys.ts";
import { modelSettings } from "../../../src/providers/local/model-settings.ts";
import { folderWith } from "../../support/temporary-folder.ts";

const SETTINGS = modelSettings(localKeys.keys().parse({ model: "all-MiniLM-L6-v2" }));
const PACKAGE = "node_modules/@huggingface/transformers";

const fakePackage = (code: string) => ({
  [`${PACKAGE}/package.json`]: '{ "main": "index.cjs" }',
  [`${PACKAGE}/index.cjs`]: code,
});

test.each([
  { what: "it is missing", files: {}, says: "is not installed. Run" },
  {
    what: "an old one is there",
    files: fakePackage(
      'module.exports = { AutoTokenizer: 0, AutoModel: 0, Tensor: 0, env: { version: "3.0.2" } };',
    ),
    says: "there is version 3.0.2 of the package @huggingface/transformers, and siterag needs 4 or newer. Run",
  },
  {
    what: "it does not run here",
    files: fakePackage('throw new Error("no binary for this machine\\nat line 3");'),
    says: "cannot be loaded: no binary for this machine. Run",
  },
])("the package: $what", async ({ files, says }) => {
  const directory = await folderWith(files);
  const loading = loadModel(SETTINGS, directory);
  await expect(loading).rejects.toMatchObject({ code: "MODEL_UNAVAILABLE" });
  await expect(loading).rejects.toThrow(says);
  await expect(loading).rejects.toThrow(
    /`npm install @huggingface\/transformers@4` in the folder/u,
  );
});
