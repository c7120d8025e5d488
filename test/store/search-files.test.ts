import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SearchFiles } from "../../src/store/search-files.ts";
import { remainsIn } from "../support/store-remains.ts";
import { openDatabase } from "./open-database.ts";
import { newTarget, write } from "./target.ts";

const fileOf = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) });
const textOf = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

test("files come back by name, byte for byte, also empty ones and any bytes", async () => {
  const files = new SearchFiles(await openDatabase(), "chunks");
  const all = Uint8Array.from({ length: 256 }, (_, at) => at);
  const some = [{ name: "all", bytes: all }, fileOf("it's", "text"), fileOf("empty", "")];
  await files.add(some);
  const read = await files.read(["empty", "all", "unknown", "it's"]);
  expect([...read.keys()].sort()).toEqual(["all", "empty", "it's"]);
  for (const { name, bytes } of some) expect(read.get(name)).toEqual(bytes);
});

test("a store without files has none, and reading makes no table", async () => {
  const database = await openDatabase();
  const files = new SearchFiles(database, "chunks");
  expect(await files.read(["a"])).toEqual(new Map());
  expect(await files.names()).toEqual(new Set());
  expect(await files.hasLeftovers()).toBe(false);
  await files.keepOnly(new Set());
  expect(await database.tableNames()).toEqual([]);
});

test("a file that is there is not written again", async () => {
  const database = await openDatabase();
  const files = new SearchFiles(database, "chunks");
  await files.add([fileOf("a", "one")]);
  await files.add([fileOf("a", "one"), fileOf("b", "two")]);
  const table = await database.open({ name: "search_files", key: "id", columns: { id: "string" } });
  expect(await table?.countRows()).toBe(2);
});

test("a file that is there with other bytes is replaced", async () => {
  const database = await openDatabase();
  const files = new SearchFiles(database, "chunks");
  await files.add([fileOf("a", "damaged"), fileOf("b", "two")]);
  await files.add([fileOf("a", "one"), fileOf("b", "two")]);
  const read = await files.read(["a", "b"]);
  expect([...read.values()].map(textOf).sort()).toEqual(["one", "two"]);
  const table = await database.open({ name: "search_files", key: "id", columns: { id: "string" } });
  expect(await table?.countRows()).toBe(2);
});

test("each index has files of its own, also under the same name", async () => {
  const database = await openDatabase();
  const [one, other] = ["one", "other"].map((index) => new SearchFiles(database, index));
  await one?.add([fileOf("a", "of one")]);
  await other?.add([fileOf("a", "of the other"), fileOf("b", "b")]);
  await other?.keepOnly(new Set(["b"]));
  expect(textOf((await one?.read(["a"]))?.get("a"))).toBe("of one");
  expect(await other?.names()).toEqual(new Set(["b"]));
});

test("nothing is left on the disk of files that go", async () => {
  const target = await newTarget();
  const words = ["quokka", "wombat"];
  await write(target, async ({ searchFiles }) => {
    await searchFiles.add(words.map((word) => fileOf(word, `The ${word} is here.`)));
    expect(await searchFiles.hasLeftovers()).toBe(true);
    await searchFiles.keepOnly(new Set(words));
  });
  await write(target, async ({ searchFiles }) => {
    expect(await searchFiles.hasLeftovers()).toBe(false);
    await searchFiles.keepOnly(new Set(["wombat"]));
    expect(await searchFiles.hasLeftovers()).toBe(false);
  });
  expect((await remainsIn(target.uri, "quokka")).withWord).toEqual([]);
  expect((await remainsIn(target.uri, "wombat")).withWord).not.toEqual([]);
  expect(await readdir(join(target.uri, "search_files.lance/data"))).toHaveLength(1);
});
