import type { ResolvedConfig } from "../config/schema.ts";
import type { ChunkSpool } from "../store/chunk-spool.ts";
import type { StoreView, StoreWriter } from "../store/open-store.ts";
import { SiteragError } from "../words/errors.ts";
import type { Clock, Progress } from "../words/types.ts";
import type { Messages } from "./messages.ts";

/** What every step of one `indexSite` run needs. */
export interface Run {
  readonly config: ResolvedConfig;
  readonly store: StoreWriter;
  /** Holds the text of changed chunks. */
  readonly spool: ChunkSpool;
  readonly clock: Clock;
  readonly messages: Messages;
  readonly onProgress: (progress: Progress) => void;
  /** Whether a text that waits because of an error counts as failed. */
  readonly failsWaiting?: boolean | undefined;
  /** Aborts with the caller's signal, or when the run loses the store's lock. */
  readonly signal: AbortSignal;
}

/** The part of a `Run` that a dry run needs. */
export interface Reading extends Pick<Run, "config" | "spool" | "messages" | "onProgress"> {
  readonly store: StoreView;
  readonly signal?: AbortSignal | undefined;
}

/** Throws INTERRUPTED if the run was stopped. */
export function requireGoingOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new SiteragError("INTERRUPTED", "Interrupted.");
}
