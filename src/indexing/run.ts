import type { ResolvedConfig } from "../config/schema.ts";
import type { ChunkSpool } from "../store/chunk-spool.ts";
import type { StoreWriter } from "../store/open-store.ts";
import type { StoreView } from "../store/open-store.ts";
import { SiteragError } from "../words/errors.ts";
import type { Clock, Progress } from "../words/types.ts";
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

/** What the site is read with: the part of a `Run` that a dry run has, too. */
export interface Reading extends Pick<Run, "config" | "spool" | "messages" | "onProgress"> {
  readonly store: StoreView;
  readonly signal?: AbortSignal | undefined;
}

/** Throws INTERRUPTED when the run was stopped. */
export function requireGoingOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new SiteragError("INTERRUPTED", "Interrupted.");
}
