import { fromArrow, type Columns, type RowOf } from "./arrow-rows.ts";
import { storeError } from "./store-error.ts";
import type { TableSpec } from "./store-table.ts";
import type { TableHandle } from "./table-handle.ts";

/** What LanceDB calls the place of a row: the number of its file, and of the row in that file. */
const PLACE = "_rowid";

/**
 * Where the rows of many keys lie. Reads some of them at a time without looking for their keys in all files. Valid
 * until rows are merged or deleted.
 */
export class RowPlaces<C extends Columns> {
  readonly #spec: TableSpec<C>;
  readonly #handle: TableHandle;
  readonly #places: ReadonlyMap<string, number | null>;

  private constructor(
    spec: TableSpec<C>,
    handle: TableHandle,
    places: ReadonlyMap<string, number | null>,
  ) {
    this.#spec = spec;
    this.#handle = handle;
    this.#places = places;
  }

  static async find<C extends Columns>(
    spec: TableSpec<C>,
    handle: TableHandle,
    keys: Iterable<string>,
  ): Promise<RowPlaces<C>> {
    // The map keeps the texts of the caller's keys, and not those of the table.
    const places = new Map<string, number | null>([...keys].map((key) => [key, null]));
    const columns = { [spec.key]: "string", [PLACE]: "integer" } as const;
    try {
      for await (const batch of handle.table.query().select([spec.key]).withRowId()) {
        for (const row of fromArrow(batch, columns, [spec.key, PLACE])) {
          const key = String(row[spec.key]);
          if (places.has(key)) places.set(key, row[PLACE]);
        }
      }
    } catch (cause) {
      throw storeError(`read ${spec.name}`, cause);
    }
    return new RowPlaces(spec, handle, places);
  }

  /** The rows of those keys that have one, in no particular order. Throws STORE_FAILED if they lie elsewhere by now. */
  async *read<Name extends keyof C & string>(
    keys: Iterable<string>,
    names: readonly Name[],
  ): AsyncGenerator<RowOf<Pick<C, Name>>> {
    const { columns, name } = this.#spec;
    const places = [...new Set(keys)].map((key) => this.#places.get(key) ?? null);
    const known = places.filter((place) => place !== null);
    if (known.length === 0) return;
    let rows = 0;
    try {
      for await (const batch of this.#handle.table.takeRowIds(known).select([...names])) {
        rows += batch.numRows;
        yield* fromArrow(batch, columns, names);
      }
      // LanceDB leaves out what it does not find.
      if (rows < known.length)
        throw new Error("its files were merged meanwhile. Run siterag again");
    } catch (cause) {
      throw storeError(`read ${name}`, cause);
    }
  }
}
