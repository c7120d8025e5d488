import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { localKeys } from "../../../src/providers/local/local-keys.ts";
import { modelSettings, spaceOf } from "../../../src/providers/local/model-settings.ts";
import { PRESETS } from "../../../src/providers/local/presets.ts";
import { folderWith } from "../../support/temporary-folder.ts";

const settingsOf = (keys: object) => modelSettings(localKeys.keys().parse(keys));
const FILES = { "config.json": '{"hidden_size": 24}', "onnx/model.onnx": "weights" };

const inFolder = (name: string) =>
  Object.fromEntries(Object.entries(FILES).map(([file, text]) => [`${name}/${file}`, text]));

describe("settings of a model", () => {
  test("a preset completes what is not set, and what is set wins", () => {
    expect(settingsOf({ model: "bge-small-en-v1.5", passagePrefix: "p: " })).toMatchObject({
      repository: "Xenova/bge-small-en-v1.5",
      folder: null,
      dimensions: 384,
      contextTokens: 512,
      pooling: "cls",
      queryPrefix: "Represent this sentence for searching relevant passages: ",
      passagePrefix: "p: ",
      dtype: "fp32",
      batchSize: 32,
      batchTokens: 512,
    });
  });

  test.each([
    { what: "the folder itself", files: FILES, model: "mine" },
    { what: "a folder of the model's name", files: inFolder("mine"), model: "mine" },
    { what: "a folder of owner and name", files: inFolder("me/mine"), model: "me/mine" },
    {
      what: "a folder of the preset's repository",
      files: inFolder("Xenova/all-MiniLM-L6-v2"),
      model: "all-MiniLM-L6-v2",
    },
  ])("the model is found in $what", async ({ files, model }) => {
    const localModelPath = await folderWith(files);
    const { dimensions, folder } = settingsOf({ model, localModelPath });
    expect(folder?.startsWith(localModelPath)).toBe(true);
    expect(dimensions).toBe(PRESETS[model]?.width ?? 24);
  });

  test("a name that means nothing is refused with what would", () => {
    expect(() => settingsOf({ model: "gemini-embedding-2" })).toThrow(
      /^embedding\.model: “gemini-embedding-2” is not one of granite-.*, no owner\/name of a repository, and no folder \(embedding\.localModelPath is not set\)\.$/u,
    );
  });

  test("a repository needs the length of its vectors", () => {
    expect(() => settingsOf({ model: "me/mine" })).toThrow(/^embedding\.dimensions: /u);
    expect(settingsOf({ model: "me/mine", dimensions: 24 }).dimensions).toBe(24);
  });

  test("no preset has been checked, so none is a default", () => {
    expect(Object.values(PRESETS).some(({ isChecked }) => isChecked)).toBe(false);
    expect(localKeys.keys().safeParse({}).success).toBe(false);
  });
});

describe("the space of a model", () => {
  const keys = { model: "me/mine", dimensions: 24 };

  test.each([
    { revision: "v2" },
    { dtype: "q8" },
    { pooling: "cls" },
    { queryPrefix: "q: " },
    { passagePrefix: "p: " },
    { contextTokens: 100 },
  ])("is another one with %j", (other) => {
    expect(spaceOf(settingsOf({ ...keys, ...other }))).not.toEqual(spaceOf(settingsOf(keys)));
  });

  test.each([{ batchSize: 1 }, { batchTokens: 9 }, { threads: 1 }, { allowRemote: false }])(
    "is the same with %j",
    (other) => {
      expect(spaceOf(settingsOf({ ...keys, ...other }))).toEqual(spaceOf(settingsOf(keys)));
    },
  );

  test("does not depend on the place of a folder, but on its files", async () => {
    const [one, other] = [await folderWith(FILES), await folderWith(FILES)];
    const space = (localModelPath: string) =>
      spaceOf(settingsOf({ model: "mine", localModelPath }));
    expect(space(one)).toEqual(space(other));
    await writeFile(join(other, "onnx/model.onnx"), "weightz");
    expect(space(one)).not.toEqual(space(other));
  });
});
