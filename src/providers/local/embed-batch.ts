import { count } from "../../words/amounts.ts";
import { SiteragError } from "../../words/errors.ts";
import type { LoadedModel } from "./load-model.ts";
import { firstLine } from "./runtime.ts";

/** How texts are put together. */
export interface BatchLimits {
  /** Most texts in a batch. */
  readonly batchSize: number;
  /** Most tokens in a batch, padding included; a longer text goes alone. */
  readonly batchTokens: number;
}

/** A text as the model reads it. */
interface Tokens {
  /** Number of the text in its set. */
  readonly at: number;
  readonly ids: readonly number[];
}

/** A text that is longer than the model reads, and has so many tokens. */
export interface CutText {
  readonly at: number;
  readonly tokens: number;
}

export interface EmbedBatchOptions extends BatchLimits {
  /** Aborted: no further batch begins, and its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Is told of all texts that are cut, before any is embedded. */
  readonly onCut: (cut: readonly CutText[]) => void;
  /** Is told how many texts are embedded, after each batch. */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** What a message calls a text. */
  readonly nameOf: (at: number) => string;
}

/** Vectors of unit length, in the order of the texts, and the tokens that the model read. */
export interface EmbeddedTexts {
  readonly vectors: readonly Float32Array[];
  readonly tokens: number;
}

/**
 * Embeds texts in batches of about the same length: a batch takes as long as its longest text. Throws
 * EMBEDDING_FAILED with the name of a text that the model refuses.
 */
export async function embedInBatches(
  model: LoadedModel,
  texts: readonly string[],
  options: EmbedBatchOptions,
): Promise<EmbeddedTexts> {
  const { onCut, onProgress, signal } = options;
  const { cut, encoded } = await encodeAll(model, texts, signal);
  if (cut.length > 0) onCut(cut);
  const vectors = new Map<number, Float32Array>();
  for (const [number, batch] of cutBatches(encoded, options).entries()) {
    if (number > 0) await nextTurn();
    signal?.throwIfAborted();
    const found = await runHalvedOnce(model, batch, options);
    for (const [row, { at }] of batch.entries()) {
      const vector = found[row];
      if (vector !== undefined) vectors.set(at, vector);
    }
    onProgress?.(vectors.size);
  }
  return {
    vectors: texts.flatMap((_, at) => vectors.get(at) ?? []),
    tokens: encoded.reduce((sum, { ids }) => sum + ids.length, 0),
  };
}

/** Texts that are encoded before signals get their turn. */
const ENCODED_AT_ONCE = 100;

/** The tokens of texts, and which of these are cut. */
async function encodeAll(
  model: LoadedModel,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ readonly encoded: readonly Tokens[]; readonly cut: readonly CutText[] }> {
  const encoded: Tokens[] = [];
  const cut: CutText[] = [];
  for (const [at, text] of texts.entries()) {
    if (at > 0 && at % ENCODED_AT_ONCE === 0) await nextTurn();
    signal?.throwIfAborted();
    const ids = model.encode(text);
    const isCut = ids.length > model.contextTokens;
    if (isCut) cut.push({ at, tokens: ids.length });
    encoded.push({ at, ids: isCut ? cutIds(ids, model) : ids });
  }
  return { encoded, cut };
}

/** The first tokens of a text, and those that the model wants after each; its own runtime drops these. */
const cutIds = (
  ids: readonly number[],
  { contextTokens, endTokens }: Pick<LoadedModel, "contextTokens" | "endTokens">,
): readonly number[] => [
  ...ids.slice(0, contextTokens - endTokens),
  ...ids.slice(ids.length - endTokens),
];

/**
 * Batches of texts, the longest first, so that what does not fit into memory fails at once: each with at
 * most `batchSize` texts and `batchTokens` tokens, padding included.
 */
export function cutBatches<Text extends { readonly ids: { readonly length: number } }>(
  texts: readonly Text[],
  { batchSize, batchTokens }: BatchLimits,
): Text[][] {
  const batches: Text[][] = [];
  for (const text of texts.toSorted((one, other) => other.ids.length - one.ids.length)) {
    const last = batches.at(-1);
    const longest = last?.[0]?.ids.length ?? 0;
    const fits =
      last !== undefined && last.length < batchSize && (last.length + 1) * longest <= batchTokens;
    if (fits) last.push(text);
    else batches.push([text]);
  }
  return batches;
}

/** A batch may be refused for want of memory: its halves may fit. */
async function runHalvedOnce(
  model: LoadedModel,
  batch: readonly Tokens[],
  { nameOf, signal }: Pick<EmbedBatchOptions, "nameOf" | "signal">,
): Promise<readonly Float32Array[]> {
  const run = (some: readonly Tokens[]) => model.run(some.map(({ ids }) => ids));
  try {
    return await run(batch);
  } catch (cause) {
    if (cause instanceof SiteragError) throw cause;
    if (batch.length === 1) throw refused(batch, nameOf, cause);
  }
  const middle = Math.ceil(batch.length / 2);
  const vectors: Float32Array[] = [];
  for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
    signal?.throwIfAborted();
    try {
      vectors.push(...(await run(half)));
    } catch (cause) {
      throw refused(half, nameOf, cause);
    }
  }
  return vectors;
}

function refused(
  batch: readonly Tokens[],
  nameOf: (at: number) => string,
  cause: unknown,
): SiteragError {
  const [first, ...others] = batch;
  const name = first === undefined ? "" : nameOf(first.at);
  const which =
    others.length === 0
      ? name
      : `one of ${count(batch.length, "text")}, of which ${name} is the longest`;
  const message = `The model refused ${which}: ${firstLine(cause)}`;
  return new SiteragError("EMBEDDING_FAILED", message, { cause });
}

/** Lets signals and timers in: tokenizer and runtime hold the thread while they compute. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
