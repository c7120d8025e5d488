import { expect, test } from "vitest";
import { readAhead } from "../../src/content/read-ahead.ts";

const NAMES = Array.from({ length: 1000 }, (_, at) => at);

const load = async (name: number): Promise<number> => name;

test("what is read ahead comes in order, each once", async () => {
  expect(await Array.fromAsync(readAhead(NAMES, load, undefined))).toEqual(NAMES);
});

test("a signal stops the reading of files that the system has in memory", async () => {
  const abort = new AbortController();
  const read: number[] = [];
  const reading = async (): Promise<void> => {
    for await (const name of readAhead(NAMES, load, abort.signal)) read.push(name);
  };
  setImmediate(() => abort.abort(new Error("stop")));
  await expect(reading()).rejects.toThrow("stop");
  expect(read.length).toBeLessThan(NAMES.length);
});
