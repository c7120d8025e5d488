import type { CollectedJobs, CollectionBounds, Sender } from "../sending/client.ts";
import type { KeyedCache } from "../store/keyed-cache.ts";
import type { SettledItem } from "../words/plans.ts";
import type { EmbeddingSpace, Fingerprint, Result, Unfinished } from "../words/types.ts";

/** One kind of paid answers, vectors or sentences of context, and where they are kept. */
export interface Stage<Input, Output, Value extends string | Float32Array> {
  readonly phase: "enrich" | "embed";
  readonly client: Sender<Input, Output>;
  readonly cacheOf: (space: EmbeddingSpace) => KeyedCache<Value>;
  /** The value to keep for good; `Unfinished`: none, and asking again may help. */
  readonly valueOf: (
    result: Result<Output>,
    space: EmbeddingSpace,
  ) => { readonly value: Value } | Unfinished;
  /** Receives what was committed. */
  readonly onKept?: (values: readonly Value[]) => void;
}

/** Commits answers before anything else uses them. Returns the outcomes of texts without one. */
export async function keep<Input, Output, Value extends string | Float32Array>(
  { cacheOf, onKept, valueOf }: Stage<Input, Output, Value>,
  settled: readonly SettledItem<Output>[],
  space: EmbeddingSpace,
  known: ReadonlySet<Fingerprint> = new Set(),
): Promise<ReadonlyMap<Fingerprint, Unfinished>> {
  const entries: { readonly key: Fingerprint; readonly value: Value }[] = [];
  const unfinished = new Map<Fingerprint, Unfinished>();
  for (const { item, result } of settled) {
    const key = item.fingerprint;
    const kept = valueOf(result, space);
    if ("status" in kept) unfinished.set(key, kept);
    else if (!known.has(key)) entries.push({ key, value: kept.value });
  }
  await cacheOf(space).commit(entries);
  onKept?.(entries.map(({ value }) => value));
  return unfinished;
}

const NO_JOBS: CollectedJobs = { collected: [], out: [], lost: [] };

/** Collects jobs from earlier runs of any index, machine or model. Does not write cached answers again. */
export async function collectEarlier<Input, Output, Value extends string | Float32Array>(
  stage: Stage<Input, Output, Value>,
  bounds: CollectionBounds,
): Promise<CollectedJobs> {
  const { client } = stage;
  if (client.collect === undefined || (await bounds.ledger.open()).length === 0) return NO_JOBS;
  return client.collect({
    ...bounds,
    settle: async (settled, { space }) => {
      const keys = settled.map(({ item }) => item.fingerprint);
      await keep(stage, settled, space, await stage.cacheOf(space).present(keys));
    },
  });
}
