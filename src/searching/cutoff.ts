import type { EmbeddingClient } from "../embedding/client.ts";
import type { QueryCache } from "../store/query-cache.ts";

interface CutoffOptions {
  /** `queries.cutoffAfter` of the configuration. */
  readonly cutoffAfter: number | null;
  /** Whether the queries will be stored: then only as many are sent as fit below the cutoff. */
  readonly isLearning: boolean;
  readonly client: Pick<EmbeddingClient, "space" | "events">;
  readonly cache: Pick<QueryCache, "learned">;
}

interface WithinCutoff<Query> {
  /** The first queries, which may be sent. */
  readonly asked: readonly Query[];
  /** Why full text answers the others. */
  readonly reason: string;
  /** Emits the event about the others, if there are any. Call it when the decision is final. */
  readonly emitCutoff: () => void;
}

/** Keeps the first unknown queries that fit below the cutoff beside the stored ones. */
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
  const reason = `${learned} queries are stored, and queries.cutoffAfter is ${cutoffAfter}, so no new query is embedded`;
  return { asked, reason, emitCutoff };
}
