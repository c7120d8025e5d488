import { embeddingInput } from "../chunking/embedding-input.ts";
import type { EmbeddingClient, SettledItem } from "../embedding/client.ts";
import { checkVectors } from "../embedding/check-vectors.ts";
import type { RequestsOfDay } from "../embedding/day-quota.ts";
import { SiteragError, toError } from "../errors.ts";
import type { ChunkSpool } from "../store/chunk-spool.ts";
import type { StoreView } from "../store/store-view.ts";
import type { VectorCache } from "../store/vector-cache.ts";
import type { EmbeddingInput, Fingerprint, Plan, PlanItem, Progress, Usage } from "../types.ts";
import type { SpooledChange } from "./collect-changes.ts";

/** What has to be embedded, and what the cache has already. */
export interface Needed {
  /** One item a fingerprint: equal texts are sent once. */
  readonly items: readonly PlanItem[];
  /** Changed chunks whose new vector is in the cache. */
  readonly cacheHits: number;
}

/** Finds the texts that no vector stands for yet. */
export async function findNeeded(
  changed: readonly SpooledChange[],
  cache: StoreView["cache"],
): Promise<Needed> {
  const wanting = changed.filter((change) => change.oldVectorFingerprint !== change.fingerprint);
  const present = await cache.present(new Set(wanting.map((change) => change.fingerprint)));
  const items = new Map<Fingerprint, PlanItem>();
  for (const { fingerprint, tokens, bytes, page } of wanting) {
    if (!present.has(fingerprint)) items.set(fingerprint, { fingerprint, tokens, bytes, page });
  }
  const cacheHits = wanting.filter((change) => present.has(change.fingerprint)).length;
  return { items: [...items.values()], cacheHits };
}

export interface EmbedOptions {
  readonly client: EmbeddingClient;
  readonly cache: VectorCache;
  readonly spool: ChunkSpool;
  readonly changed: readonly SpooledChange[];
  readonly onProgress: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
  readonly requestsOfDay: RequestsOfDay;
}

export interface Embedded {
  readonly usage: Usage;
  /** Why texts failed, by fingerprint. */
  readonly failed: ReadonlyMap<Fingerprint, Error>;
  /** Why texts are pending, one sentence for each of them. */
  readonly waiting: readonly string[];
}

/** Carries out the plan. Every answer is committed to the cache before its place is free again. */
export async function embedChanges(plan: Plan, options: EmbedOptions): Promise<Embedded> {
  const { client, cache, spool, signal } = options;
  const changeOf = new Map(options.changed.map((change) => [change.fingerprint, change]));
  const failed = new Map<Fingerprint, Error>();
  const waiting: string[] = [];
  let done = 0;
  const inputOf = async ({ fingerprint }: PlanItem): Promise<EmbeddingInput> => {
    const change = changeOf.get(fingerprint);
    if (change === undefined) throw new TypeError(`No text for fingerprint ${fingerprint}.`);
    return embeddingInput(await spool.read(change.text));
  };
  const open = new Set([...plan.calls, ...plan.jobs].flat().map((item) => item.fingerprint));
  const settle = async (answers: readonly SettledItem[]): Promise<void> => {
    const settled = answers.map((answer) => checked(answer, client.space.dimensions));
    await cache.commit(settled.flatMap(toCached));
    for (const { item, result } of settled) {
      open.delete(item.fingerprint);
      if (result.status === "failed") failed.set(item.fingerprint, result.error);
      if (result.status === "pending") waiting.push(result.reason);
    }
    done += settled.length;
    options.onProgress({ phase: "embed", done, total: plan.estimate.texts });
  };
  const inputsOf = (items: readonly PlanItem[]): Promise<EmbeddingInput[]> =>
    Promise.all(items.map(inputOf));
  const { requestsOfDay } = options;
  const usage = await client.execute(plan, { inputsOf, settle, signal, requestsOfDay });
  if (signal?.aborted === true) throw new SiteragError("INTERRUPTED", "Interrupted.");
  for (const fingerprint of open) failed.set(fingerprint, new Error("no answer came back"));
  return { usage, failed, waiting };
}

/** At the border, whoever the client is: what goes into the cache is never asked for again. */
function checked(settled: SettledItem, dimensions: number): SettledItem {
  if (settled.result.status !== "ok") return settled;
  try {
    checkVectors([settled.result.vector], 1, dimensions);
    return settled;
  } catch (cause) {
    return { item: settled.item, result: { status: "failed", error: toError(cause) } };
  }
}

const toCached = ({ item, result }: SettledItem): { fingerprint: string; vector: Float32Array }[] =>
  result.status === "ok" ? [{ fingerprint: item.fingerprint, vector: result.vector }] : [];
