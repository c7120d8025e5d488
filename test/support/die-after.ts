import { vi } from "vitest";
import { StoreTable } from "../../src/store/store-table.ts";

type Write = "append" | "set" | "upsert" | "upsertIf" | "delete" | "compact" | "prune";

/** Lets this many writes of these kinds reach the store, and counts them; the run dies at the next one. */
export function dieAfter(most: number, writes: readonly Write[]): { readonly writes: number } {
  const count = { writes: 0 };
  for (const name of writes) {
    const write: unknown = Reflect.get(StoreTable.prototype, name);
    if (typeof write !== "function") throw new TypeError(`StoreTable has no ${name}.`);
    vi.spyOn(StoreTable.prototype, name).mockImplementation(async function (
      this: unknown,
      ...given: readonly unknown[]
    ): Promise<void> {
      if (count.writes >= most) throw new Error("The run is dead.");
      count.writes += 1;
      await Reflect.apply(write, this, given);
    });
  }
  return count;
}
