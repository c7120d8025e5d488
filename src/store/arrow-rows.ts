import { createRequire } from "node:module";
import type * as Arrow from "apache-arrow";
import { SiteragError } from "../words/errors.ts";
import type { ChunkSection } from "../words/types.ts";

/** Turns rows into Arrow data and back. */

// LanceDB's own copy of Arrow. It refuses a table that another copy made.
const arrow: typeof Arrow = createRequire(import.meta.resolve("@lancedb/lancedb"))("apache-arrow");

type ColumnType = keyof ColumnValues;

/** Types of columns that hold vectors. */
export const VECTORS: ReadonlySet<ColumnType> = new Set<ColumnType>([
  "vector",
  "vector?",
  "numbers",
]);

interface ColumnValues {
  readonly string: string;
  readonly "string?": string | null;
  readonly "string[]": readonly string[];
  readonly sections: readonly ChunkSection[];
  readonly integer: number;
  /** A line of a file, counted from 1; 0: none. */
  readonly line: number | null;
  readonly vector: Float32Array;
  readonly "vector?": Float32Array | null;
  /** Of any length, because the rows belong to several embedding spaces. */
  readonly numbers: Float32Array;
  readonly bytes: Uint8Array;
}

/** Column names and types of a table. */
export type Columns = Readonly<Record<string, ColumnType>>;
export type RowOf<C extends Columns> = { readonly [Name in keyof C]: ColumnValues[C[Name]] };

/** The names of all columns. */
export const namesOf = <C extends Columns>(columns: C): (keyof C & string)[] =>
  Object.keys(columns).filter((name): name is keyof C & string => name in columns);

/** Yields the rows of a batch, with the named columns only. */
export function* fromArrow<C extends Columns, Name extends keyof C & string>(
  batch: Arrow.RecordBatch,
  columns: C,
  names: readonly Name[],
): Generator<RowOf<Pick<C, Name>>> {
  const readers = names.map((name) => {
    const column = batch.getChild(name);
    const read = readValue[columns[name] ?? "string"];
    return (at: number) => [name, read(column?.get(at))] as const;
  });
  for (let at = 0; at < batch.numRows; at += 1) {
    const row: object = Object.fromEntries(readers.map((read) => read(at)));
    if (isRow<C, Name>(row, names)) yield row;
  }
}

// `readValue` has just made each value, so this only checks that all columns are there.
function isRow<C extends Columns, Name extends keyof C>(
  row: object,
  names: readonly Name[],
): row is RowOf<Pick<C, Name>> {
  return names.every((name) => name in row);
}

const readValue: Record<ColumnType, (value: unknown) => unknown> = {
  string: String,
  "string?": (value) => (typeof value === "string" ? value : null),
  "string[]": (value) => (value instanceof arrow.Vector ? [...value].map(String) : []),
  sections: (value) => (value instanceof arrow.Vector ? [...value].map(toSection) : []),
  integer: Number,
  line: toLine,
  vector: toVector,
  "vector?": toVector,
  numbers: toVector,
  bytes: (value) => (value instanceof Uint8Array ? value.slice() : new Uint8Array()),
};

// Copied, because the batch's own memory is freed with the batch.
function toVector(value: unknown): Float32Array | null {
  return value instanceof arrow.Vector ? new Float32Array(value.toArray()) : null;
}

function toLine(value: unknown): number | null {
  const line = Number(value);
  return line === NO_LINE ? null : line;
}

function toSection(value: unknown): ChunkSection {
  const read = value instanceof arrow.StructRow ? value.toJSON() : {};
  const { anchor, heading, offset, startLine, trail } = read;
  return {
    heading: typeof heading === "string" ? heading : null,
    trail: trail instanceof arrow.Vector ? [...trail].map(String) : [],
    anchor: typeof anchor === "string" ? anchor : null,
    startLine: toLine(startLine),
    offset: Number(offset),
  };
}

/** All that the Arrow schema of a table depends on. `dimensions` is the length of its vectors. */
export interface Shape {
  readonly columns: Columns;
  /** With it, two upserts of the same new row at once make one row. */
  readonly key?: string;
  readonly dimensions?: number;
  /** Columns that a table of an earlier version lacks: their values by SQL, of the columns that it has. */
  readonly lacking?: Readonly<Record<string, string>>;
}

/** How Lance marks the column of an unenforced primary key. */
const KEY_MARK = new Map([["lance-schema:unenforced-primary-key:position", "1"]]);

export function schemaOf({ columns, key, dimensions = 0, lacking = {} }: Shape): Arrow.Schema {
  // Lance takes no vectors of length 0; a table without vectors holds null alone.
  const length = Math.max(1, dimensions);
  const item = (type: Arrow.DataType) => new arrow.Field("item", type, true);
  const texts = new arrow.List(item(new arrow.Utf8()));
  const section = [
    new arrow.Field("heading", new arrow.Utf8(), true),
    new arrow.Field("trail", texts, true),
    new arrow.Field("anchor", new arrow.Utf8(), true),
    new arrow.Field("startLine", new arrow.Int32(), true),
    new arrow.Field("offset", new arrow.Int32(), true),
  ];
  const types: Record<ColumnType, () => Arrow.DataType> = {
    string: () => new arrow.Utf8(),
    "string?": () => new arrow.Utf8(),
    "string[]": () => texts,
    sections: () => new arrow.List(item(new arrow.Struct(section))),
    integer: () => new arrow.Int32(),
    line: () => new arrow.Int32(),
    vector: () => new arrow.FixedSizeList(length, item(new arrow.Float32())),
    "vector?": () => new arrow.FixedSizeList(length, item(new arrow.Float32())),
    numbers: () => new arrow.List(item(new arrow.Float32())),
    bytes: () => new arrow.Binary(),
  };
  return new arrow.Schema(
    Object.entries(columns).flatMap(([name, type]) => {
      if (name in lacking) return [];
      const mark = name === key ? KEY_MARK : null;
      return new arrow.Field(name, types[type](), type.endsWith("?"), mark);
    }),
  );
}

/** What to select for columns, whether the table has or lacks them. */
export const selectionOf = (
  { lacking }: Shape,
  names: readonly string[],
): string[] | Map<string, string> =>
  lacking === undefined
    ? [...names]
    : new Map(names.map((name) => [name, lacking[name] ?? `\`${name}\``]));

/** Whether a table has exactly the columns of a shape, with their types. Those it may lack may be there. */
export function hasShape(schema: Arrow.Schema, shape: Shape): boolean {
  const fields = schemaOf({ ...shape, lacking: {} }).fields;
  const types = new Map(fields.map(({ name, type }) => [name, String(type)]));
  const names = new Set(schema.fields.map(({ name }) => name));
  return (
    schema.fields.every(({ name, type }) => types.get(name) === String(type)) &&
    schemaOf(shape).fields.every(({ name }) => names.has(name))
  );
}

/** Turns rows into one record batch. Throws STORE_FAILED for a vector of the wrong length. */
export function toArrow(shape: Shape, rows: readonly RowOf<Columns>[]): Arrow.Table {
  const schema = schemaOf(shape);
  const stored = storedRows(shape.columns, rows);
  const children = schema.fields.map((field) => columnData(field, stored));
  const type = new arrow.Struct(schema.fields);
  const data = arrow.makeData({ type, length: rows.length, nullCount: 0, children });
  return new arrow.Table(schema, new arrow.RecordBatch(schema, data));
}

/** Stored where there is no line: the tables of every version take numbers alone. */
const NO_LINE = 0;

const storedValue: Partial<Record<ColumnType, (value: unknown) => unknown>> = {
  line: (value) => value ?? NO_LINE,
  sections: (value) => (Array.isArray(value) ? value.map(storedSection) : value),
};

const storedSection = (section: ChunkSection) => ({
  ...section,
  startLine: section.startLine ?? NO_LINE,
});

const storedRows = (columns: Columns, rows: readonly RowOf<Columns>[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        storedValue[columns[name] ?? "string"]?.(value) ?? value,
      ]),
    ),
  );

function columnData(
  field: Arrow.Field,
  rows: readonly Readonly<Record<string, unknown>>[],
): Arrow.Data {
  const values = rows.map((row) => row[field.name] ?? null);
  if (arrow.DataType.isFixedSizeList(field.type)) return vectorData(field.name, field.type, values);
  const [data] = arrow.vectorFromArray(values, field.type).data;
  if (data === undefined)
    throw new SiteragError(
      "STORE_FAILED",
      `Could not write column ${field.name}: Arrow made no data of it. Please report this as a bug of siterag.`,
    );
  return data;
}

/** Built by hand, because LanceDB silently pads or cuts a vector of the wrong length. */
function vectorData(name: string, type: Arrow.FixedSizeList, values: readonly unknown[]) {
  const numbers = new Float32Array(values.length * type.listSize);
  const validity = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, at) => {
    if (!(value instanceof Float32Array)) return;
    if (value.length !== type.listSize) {
      throw new SiteragError(
        "STORE_FAILED",
        `A vector of ${value.length} numbers does not fit column ${name}, which takes ${type.listSize}. Check embedding.dimensions.`,
      );
    }
    numbers.set(value, at * type.listSize);
    validity[at >> 3] = (validity[at >> 3] ?? 0) | (1 << (at & 7));
  });
  const child = arrow.makeData({ type: new arrow.Float32(), data: numbers });
  const nullCount = values.filter((value) => value === null).length;
  return arrow.makeData({ type, length: values.length, nullCount, nullBitmap: validity, child });
}
