import { withReader } from "../../src/store/index-reader.ts";
import { withWriter } from "../../src/store/open-store.ts";
import type { StoreWriter } from "../../src/store/open-store.ts";
import type { StoreTarget } from "../../src/store/with-database.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { space } from "./open-database.ts";

/** What a run publishes with its rows. */
export const published = { pages: 1, contextModel: null, publishedAt: "2030-01-01T00:00:00.000Z" };

/** An index in a new temporary folder. */
export const newTarget = async (): Promise<StoreTarget> => ({
  uri: await temporaryFolder(),
  index: "chunks",
});

/** Runs `use` as the writer of the store. */
export const write = <Value>(
  target: StoreTarget,
  use: (store: StoreWriter) => Promise<Value>,
  own = space,
): Promise<Value> => withWriter({ target, space: own, clock: createVirtualClock() }, use);

/** The texts that a reader finds, in alphabetical order. */
export const textsIn = (target: StoreTarget): Promise<string[]> =>
  withReader(target, async (reader) =>
    (await reader.rowsOf(["page.md"])).map(({ text }) => text).sort(),
  );
