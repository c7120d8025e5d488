import { onTestFinished } from "vitest";
import { ChunkSpool } from "../../src/store/chunk-spool.ts";
import { Database, StoreTable } from "../../src/store/lancedb.ts";
import type { VirtualClock } from "../../src/words/virtual-clock.ts";

/**
 * Lets no virtual time pass while the store reads or writes, until the test ends: what happens at
 * which instant then depends on no disk.
 */
export function holdForStore(clock: VirtualClock): void {
  for (const { prototype } of [Database, StoreTable, ChunkSpool]) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const method: unknown = Reflect.get(prototype, name);
      if (name === "constructor" || typeof method !== "function") continue;
      Reflect.set(prototype, name, function (this: unknown, ...given: readonly unknown[]): unknown {
        return held(clock, Reflect.apply(method, this, given));
      });
      onTestFinished(() => void Reflect.set(prototype, name, method));
    }
  }
}

function held(clock: VirtualClock, result: unknown): unknown {
  if (isGenerator(result)) return heldToTheEnd(clock, result);
  if (!(result instanceof Promise)) return result;
  clock.hold();
  return result.finally(() => clock.release());
}

async function* heldToTheEnd<Item>(
  clock: VirtualClock,
  items: AsyncIterable<Item>,
): AsyncGenerator<Item, void, undefined> {
  clock.hold();
  try {
    yield* items;
  } finally {
    clock.release();
  }
}

const isGenerator = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;
