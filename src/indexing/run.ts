import type { ResolvedConfig } from "../config/schema.ts";
import type { StoreWriter } from "../store/open-store.ts";
import type { Clock, Progress } from "../words/types.ts";
import type { ChunkSpool } from "../store/chunk-spool.ts";
import type { Messages } from "./messages.ts";

/** One run of `indexSite`, as every step of it sees it. */
export interface Run {
  readonly config: ResolvedConfig;
  readonly store: StoreWriter;
  /** The text of changed chunks. */
  readonly spool: ChunkSpool;
  readonly clock: Clock;
  readonly messages: Messages;
  readonly onProgress: (progress: Progress) => void;
  /** Aborts when the caller's signal does, and when the store's lock is lost. */
  readonly signal: AbortSignal;
}
