import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LocalClient } from "../../../src/providers/local/local-client.ts";
import type { LoadModel } from "../../../src/providers/local/load-model.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { loadFake } from "./fake-model.ts";

async function clientBy(load: LoadModel): Promise<LocalClient> {
  const localModelPath = await temporaryFolder();
  mkdirSync(join(localModelPath, "tiny"));
  writeFileSync(join(localModelPath, "tiny", "config.json"), "{}");
  return new LocalClient({ embedding: { model: "tiny", dimensions: 8, localModelPath }, load });
}

/** A client whose model is never loaded. */
const waitingClient = (): Promise<LocalClient> => clientBy(() => new Promise(() => undefined));

test.each([
  { what: "too few", spoil: (vectors: readonly Float32Array[]) => vectors.slice(1) },
  {
    what: "not finite",
    spoil: (vectors: readonly Float32Array[]) => vectors.map((one) => one.map(() => Number.NaN)),
  },
])("a matrix of vectors that are $what is refused", async ({ spoil }) => {
  const client = await clientBy(async (...given) => {
    const model = await loadFake(...given);
    return { ...model, run: async (texts) => spoil(await model.run(texts)) };
  });
  await expect(client.embedBatch(["water", "roses"])).rejects.toMatchObject({
    code: "ANSWER_MALFORMED",
  });
});

test.each([
  {
    what: "a text",
    wait: (client: LocalClient, signal: AbortSignal) => client.embedText("water", { signal }),
    says: "Interrupted",
  },
  {
    what: "a matrix",
    wait: (client: LocalClient, signal: AbortSignal) => client.embedBatch(["water"], { signal }),
    says: "enough",
  },
])("$what that waits for the model ends with its signal", async ({ says, wait }) => {
  const client = await waitingClient();
  const controller = new AbortController();
  const waiting = wait(client, controller.signal);
  setImmediate(() => controller.abort(new Error("enough")));
  await expect(waiting).rejects.toThrow(says);
  await client.close();
});

test("loading ahead of a search ends with its signal", async () => {
  const client = await waitingClient();
  const controller = new AbortController();
  const prepared = client.prepare(controller.signal);
  controller.abort();
  await expect(prepared).resolves.toBeUndefined();
  await client.close();
});
