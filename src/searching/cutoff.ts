import type { EmbeddingClient } from "../embedding/client.ts";
import type { QueryCache } from "../store/query-cache.ts";

interface CutoffOptions {
  /** `queries.cutoffAfter` of the configuration. */
  readonly cutoffAfter: number | null;
  /** Whether what is asked is learned: then no more are asked than fit below the cutoff. */
  readonly isLearning: boolean;
  readonly client: Pick<EmbeddingClient, "space" | "events">;
  readonly cache: Pick<QueryCache, "learned">;
}

interface WithinCutoff<Query> {
  /** The first ones, which may be sent. */
  readonly asked: readonly Query[];
  /** Why the others have to be answered by full text. */
  readonly reason: string;
  /** Emits the event of those cut off, if any: to be called by whoever abides by this. */
  readonly emitCutoff: () => void;
}

/** Cuts off those unknown queries for which, with all that have been learned, there is no room. */
export async function withinCutoff<Query>(
  unknown: readonly Query[],
  { cutoffAfter, isLearning, client, cache }: CutoffOptions,
): Promise<WithinCutoff<Query>> {
  if (cutoffAfter === null || unknown.length === 0) {
    return { asked: unknown, reason: "", emitCutoff: () => undefined };
  }
  const before = await cache.learned(client.space);
  const room = Math.max(0, cutoffAfter - before);
  const asked = isLearning || room === 0 ? unknown.slice(0, room) : unknown;
  const learned = before + asked.length;
  const queries = unknown.length - asked.length;
  const emitCutoff = (): void => {
    if (queries > 0) client.events?.emit({ type: "cutoff", learned, queries });
  };
  const reason = `queries.cutoffAfter (${cutoffAfter}) is reached with ${learned} learned: no other query is embedded`;
  return { asked, reason, emitCutoff };
}
