import { createRequire } from "node:module";
import type * as Arrow from "apache-arrow";
import { SiteragError } from "../words/errors.ts";

/** Turns rows into Arrow data and back. */

// LanceDB's own copy of Arrow. It refuses a table that another copy made.
const arrow: typeof Arrow = createRequire(import.meta.resolve("@lancedb/lancedb"))("apache-arrow");

type ColumnType = "string" | "string?" | "string[]" | "integer" | "vector" | "vector?" | "numbers";

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
  readonly integer: number;
  readonly vector: Float32Array;
  readonly "vector?": Float32Array | null;
  /** Of any length, because the rows belong to several embedding spaces. */
  readonly numbers: Float32Array;
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
  integer: Number,
  vector: toVector,
  "vector?": toVector,
  numbers: toVector,
};

// Copied, because the batch's own memory is freed with the batch.
function toVector(value: unknown): Float32Array | null {
  return value instanceof arrow.Vector ? new Float32Array(value.toArray()) : null;
}

/** All that the Arrow schema of a table depends on. `dimensions` is the length of its vectors. */
interface Shape {
  readonly columns: Columns;
  /** With it, two upserts of the same new row at once make one row. */
  readonly key?: string;
  readonly dimensions?: number;
}

/** How Lance marks the column of an unenforced primary key. */
const KEY_MARK = new Map([["lance-schema:unenforced-primary-key:position", "1"]]);

export function schemaOf({ columns, key, dimensions = 0 }: Shape): Arrow.Schema {
  // Lance takes no vectors of length 0; a table without vectors holds null alone.
  const length = Math.max(1, dimensions);
  const item = (type: Arrow.DataType) => new arrow.Field("item", type, true);
  const types: Record<ColumnType, () => Arrow.DataType> = {
    string: () => new arrow.Utf8(),
    "string?": () => new arrow.Utf8(),
    "string[]": () => new arrow.List(item(new arrow.Utf8())),
    integer: () => new arrow.Int32(),
    vector: () => new arrow.FixedSizeList(length, item(new arrow.Float32())),
    "vector?": () => new arrow.FixedSizeList(length, item(new arrow.Float32())),
    numbers: () => new arrow.List(item(new arrow.Float32())),
  };
  return new arrow.Schema(
    Object.entries(columns).map(([name, type]) => {
      const mark = name === key ? KEY_MARK : null;
      return new arrow.Field(name, types[type](), type.endsWith("?"), mark);
    }),
  );
}

/** Whether a table has exactly the columns of a shape, with their types. */
export const hasShape = (schema: Arrow.Schema, shape: Shape): boolean =>
  columnsIn(schema) === columnsIn(schemaOf(shape));

const columnsIn = (schema: Arrow.Schema): string =>
  schema.fields.map((field) => `${field.name}: ${String(field.type)}`).join();

/** Turns rows into one record batch. Throws STORE_FAILED for a vector of the wrong length. */
export function toArrow(shape: Shape, rows: readonly RowOf<Columns>[]): Arrow.Table {
  const schema = schemaOf(shape);
  const children = schema.fields.map((field) => columnData(field, rows));
  const type = new arrow.Struct(schema.fields);
  const data = arrow.makeData({ type, length: rows.length, nullCount: 0, children });
  return new arrow.Table(schema, new arrow.RecordBatch(schema, data));
}

function columnData(field: Arrow.Field, rows: readonly RowOf<Columns>[]): Arrow.Data {
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
