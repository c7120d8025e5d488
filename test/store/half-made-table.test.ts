import { expect, test } from "vitest";
import type { TableSpec } from "../../src/store/store-table.ts";
import { openDatabase } from "./open-database.ts";

const columns = { key: "string", text: "string" } as const;
const withoutIndex: TableSpec<typeof columns> = { name: "things", key: "key", columns };
const wanted: TableSpec<typeof columns> = { ...withoutIndex, fullText: ["text"] };

test("a table without its full-text index gets it when it is next opened", async () => {
  const database = await openDatabase();
  await database.openOrReplace(withoutIndex);
  const table = await database.openOrReplace(wanted);
  await table.append([{ key: "a", text: "Über 漢字検索" }]);
  const keysFor = async (query: string) =>
    (await table.matching(["key"], { words: [query], weights: { text: 1 } }, 5)).map(
      ({ row }) => row.key,
    );
  expect(await keysFor("uber")).toEqual(["a"]);
  expect(await keysFor("検索")).toEqual(["a"]);
});
