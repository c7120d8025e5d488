import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadShared } from "../../../src/providers/local/shared-model.ts";
import { LocalClient } from "../../../src/providers/local/local-client.ts";
import { localKeys } from "../../../src/providers/local/local-keys.ts";
import { modelSettings } from "../../../src/providers/local/model-settings.ts";
import { makeModel, TINY } from "./make-model.ts";
import { DIRECTORY, useModels, WORDS } from "./models.ts";

const { client: clientOf, path } = useModels();

/** A copy of a model that a test may break. */
async function copyOf(model: string): Promise<string> {
  const folder = join(path(), `copy-${crypto.randomUUID()}`);
  await cp(join(path(), model), folder, { recursive: true });
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const clientIn = (localModelPath: string, keys: object = {}): LocalClient =>
  new LocalClient({
    embedding: { model: "mean", localModelPath, ...keys },
    directory: DIRECTORY,
  });

const cut = async (file: string): Promise<void> =>
  writeFile(file, (await readFile(file)).subarray(0, 5000));

test.each([
  {
    what: "weights that are cut off",
    spoil: (folder: string) => cut(join(folder, "onnx/model.onnx")),
    says: /^embedding\.provider is "local", but the model in .*copy-.* cannot be loaded: .+\. A file may be damaged or incomplete: fetch the model again\.$/u,
  },
  {
    what: "weights that are something else",
    spoil: (folder: string) => writeFile(join(folder, "onnx/model.onnx"), "<html>404</html>"),
    says: /cannot be loaded: .+ fetch the model again\.$/u,
  },
  {
    what: "a tokenizer that is cut off",
    spoil: (folder: string) => cut(join(folder, "tokenizer.json")),
    says: /cannot be loaded: .+ fetch the model again\.$/u,
  },
  {
    what: "no weights",
    spoil: (folder: string) => rm(join(folder, "onnx/model.onnx")),
    says: /the model in .*copy-.* has no file onnx\/model\.onnx\. Put it there, .* or set embedding\.dtype/u,
  },
  {
    what: "no tokenizer",
    spoil: (folder: string) => rm(join(folder, "tokenizer.json")),
    says: /the model in .*copy-.* has no file tokenizer\.json\. Put it there,/u,
  },
  {
    what: "weights for other vectors",
    spoil: async (folder: string) => {
      await makeModel(folder, { ...TINY, hidden_size: 16, seed: 1, words: WORDS });
      const config = await readFile(join(path(), "mean/config.json"));
      await writeFile(join(folder, "config.json"), config);
    },
    says: /embedding\.dimensions is 32, but the vectors of the model “mean” have 16 numbers\./u,
  },
])("a model with $what", async ({ says, spoil }) => {
  const folder = await copyOf("mean");
  await spoil(folder);
  const client = clientIn(folder);
  const embedding = client.embedText("water");
  await expect(embedding).rejects.toMatchObject({ code: "MODEL_UNAVAILABLE" });
  await expect(embedding).rejects.toThrow(says);
  await expect(client.embedBatch(["water"])).rejects.toThrow(says);
});

test("a model that is not there, and may not be fetched", async () => {
  const keys = { model: "all-MiniLM-L6-v2", allowRemote: false };
  await expect(clientIn(path(), keys).embedText("water")).rejects.toMatchObject({
    code: "MODEL_UNAVAILABLE",
    message: expect.stringMatching(
      /^embedding\.provider is "local", but the model “all-MiniLM-L6-v2” is not on this machine \(there is no .*config\.json\), and embedding\.allowRemote is false\. Put its files there, or allow the download\.$/u,
    ),
  });
});

test("a model that was mended is loaded by the same client", async () => {
  const folder = await copyOf("mean");
  const file = join(folder, "onnx/model.onnx");
  await rm(file);
  const client = clientIn(folder);
  await expect(client.embedText("water")).rejects.toMatchObject({ code: "MODEL_UNAVAILABLE" });
  await cp(join(path(), "mean/onnx/model.onnx"), file);
  expect(await client.embedText("water")).toEqual(await clientOf("mean").embedText("water"));
});

test("other weights in the same place are another space", async () => {
  const folder = await copyOf("mean");
  const before = clientIn(folder).space;
  expect(clientIn(folder).space).toEqual(before);
  expect(clientOf("mean").space).toEqual(before);
  await cp(join(path(), "cls/onnx/model.onnx"), join(folder, "onnx/model.onnx"));
  expect(clientIn(folder).space).not.toEqual(before);
});

test("a process has a model in memory once, and no longer than its last client", async () => {
  // No other test has a client of these settings.
  const keys = { model: "mean", localModelPath: path(), threads: 1 };
  const settings = modelSettings(localKeys.keys().parse(keys));
  const [one, other] = [
    await loadShared(settings, DIRECTORY),
    await loadShared(settings, DIRECTORY),
  ];
  expect(other.run).toBe(one.run);
  const ids = one.encode("water");
  await one.release();
  expect(await other.run([ids])).toHaveLength(1);
  await other.release();
  await expect(other.run([ids])).rejects.toThrow(/session/iu);
  const again = await loadShared(settings, DIRECTORY);
  expect(again.run).not.toBe(one.run);
  await again.release();
});

test("two folders of one name are two models, even when both are loaded at once", async () => {
  const folders = [join(await copyOf("mean"), "inner"), join(await copyOf("cls"), "inner")];
  await cp(join(path(), "mean"), folders[0] ?? "", { recursive: true });
  await cp(join(path(), "cls"), folders[1] ?? "", { recursive: true });
  const clients = folders.map((folder) => clientIn(folder));
  const together = await Promise.all(clients.map((client) => client.embedText("water")));
  await Promise.all(clients.map((client) => client.close()));
  const others = [clientOf("mean"), clientOf("cls", { pooling: "mean", queryPrefix: "" })];
  const alone = await Promise.all(others.map((client) => client.embedText("water")));
  expect(together).toEqual(alone);
  expect(together[0]).not.toEqual(together[1]);
});

test("a closed client has let its model go", async () => {
  const client = clientOf("mean");
  const vector = await client.embedText("water");
  await client.close();
  await client.close();
  expect(await client.embedText("water")).toEqual(vector);
  await client.close();
});
