import { expect, test } from "vitest";
import type { TableSpec } from "../../src/store/store-table.ts";
import { axis, openDatabase } from "./open-database.ts";

const columns = {
  key: "string",
  note: "string?",
  tags: "string[]",
  parts: "sections",
  count: "integer",
  line: "line",
  vector: "vector",
  spare: "vector?",
} as const;

const spec: TableSpec<typeof columns> = { name: "things", key: "key", columns, dimensions: 4 };
const names = ["key", "note", "tags", "parts", "count", "line", "vector", "spare"] as const;

const part = { heading: "Größe", trail: ["A", "B"], anchor: "größe", startLine: 7, offset: 0 };

const thing = {
  key: "plain",
  note: "note",
  tags: ["one", "two"],
  parts: [part, { ...part, startLine: 9, offset: 12 }],
  count: 7,
  line: 3,
  vector: axis(0),
  spare: axis(1),
};

test.for([
  { what: "plain values", row: thing },
  { what: "null text and null vector", row: { ...thing, note: null, spare: null } },
  {
    what: "no line, of a row and of a section",
    row: { ...thing, line: null, parts: [{ ...part, startLine: null }, part] },
  },
  { what: "no sections", row: { ...thing, parts: [] } },
  {
    what: "a section without heading and anchor",
    row: { ...thing, parts: [{ ...part, heading: null, trail: [], anchor: null }, part] },
  },
  { what: "empty texts and lists", row: { ...thing, note: "", tags: [] } },
  { what: "an empty text within a list", row: { ...thing, tags: ["", "b"] } },
  {
    what: "quotes, line ends, NUL",
    row: { ...thing, key: `it's "q"`, note: "a\r\nb\u0000c", tags: ["d'e"] },
  },
  { what: "text beyond Latin", row: { ...thing, key: "Größe", note: "漢字 🦊", tags: ["ñ"] } },
  { what: "negative and largest integers", row: { ...thing, count: -2_147_483_648 } },
  {
    what: "vectors that are not round",
    row: { ...thing, vector: Float32Array.of(0.1, -0.2, 1e-30, 3) },
  },
])("$what come back as they were written", async ({ row }) => {
  const table = await (await openDatabase()).openOrReplace(spec);
  await table.append([row]);
  expect(await Array.fromAsync(table.scan(names))).toEqual([row]);
});

test("nulls stay in their rows, also beyond the first byte of the validity bitmap", async () => {
  const table = await (await openDatabase()).openOrReplace(spec);
  const rows = Array.from({ length: 21 }, (_, at) => ({
    ...thing,
    key: `row-${at}`,
    note: at % 2 === 0 ? null : `note ${at}`,
    spare: at % 3 === 0 ? null : axis(at % 4),
  }));
  await table.append(rows);
  const read = await Array.fromAsync(table.scan(names));
  expect(new Map(read.map((row) => [row.key, row]))).toEqual(
    new Map(rows.map((row) => [row.key, row])),
  );
});

test("a column of nulls only is written and read", async () => {
  const table = await (await openDatabase()).openOrReplace(spec);
  const rows = ["a", "b"].map((key) => ({ ...thing, key, note: null, spare: null }));
  await table.append(rows);
  expect(await Array.fromAsync(table.scan(["note", "spare"]))).toEqual([
    { note: null, spare: null },
    { note: null, spare: null },
  ]);
});

test("many long rows are each stored once, and complete", async () => {
  const table = await (await openDatabase()).openOrReplace(spec);
  const rows = Array.from({ length: 3000 }, (_, at) => ({
    ...thing,
    key: `row-${at}`,
    note: `${at}`.padEnd(1500, "x"),
    count: at,
  }));
  await table.append(rows);
  const read = await Array.fromAsync(table.scan(["key", "note", "count"]));
  const complete = read.filter(({ key, note, count }) => {
    return key === `row-${count}` && note?.length === 1500 && note.startsWith(`${count}x`);
  });
  expect(new Set(complete.map((row) => row.key)).size).toBe(3000);
  expect(read).toHaveLength(3000);
});

test("a scan reads only the columns asked for", async () => {
  const table = await (await openDatabase()).openOrReplace(spec);
  await table.append([thing]);
  expect(await Array.fromAsync(table.scan(["count", "key"]))).toEqual([{ count: 7, key: "plain" }]);
});

test.for([
  { what: "short", rows: [thing, { ...thing, key: "bad", vector: axis(0, 3) }] },
  { what: "long", rows: [thing, { ...thing, key: "bad", vector: axis(0, 5) }] },
  { what: "empty", rows: [thing, { ...thing, key: "bad", vector: new Float32Array(0) }] },
  { what: "short nullable", rows: [thing, { ...thing, key: "bad", spare: axis(0, 3) }] },
])("a vector that is too $what is refused, and nothing is written", async ({ rows }) => {
  const table = await (await openDatabase()).openOrReplace(spec);
  const version = await table.version();
  const refusal = { code: "STORE_FAILED", message: expect.stringMatching(/does not fit column/u) };
  await expect(table.append(rows)).rejects.toMatchObject(refusal);
  await expect(table.upsert(rows)).rejects.toMatchObject(refusal);
  expect(await table.countRows()).toBe(0);
  expect(await table.version()).toBe(version);
});
