import { checkVectors } from "../../src/embedding/check-vectors.ts";
import { mockProfile } from "../../src/providers/mock/mock-profile.ts";
import { Engine } from "../../src/sending/engine.ts";
import type { EngineOptions } from "../../src/sending/engine.ts";
import type { JobRow, JobService, Provider } from "../../src/sending/provider.ts";
import { DEFAULT_CALLS } from "../../src/sending/retry.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import type { Embedded, EmbeddingInput } from "../../src/words/types.ts";

/** One call: a vector for each text, or what it throws. */
export type EmbedCall = (texts: readonly string[]) => Promise<readonly Float32Array[]>;

export const unit: Float32Array = Float32Array.of(1, 0);

/** A call that is answered at once. */
export const answer: EmbedCall = async (texts) => texts.map(() => unit);

type Jobs = JobService<EmbeddingInput, Embedded>;

/** The row of a text that a job has served. */
export const rowOf = (key: string, vector: Float32Array = unit): JobRow<Embedded> => ({
  key,
  output: { vector },
});

/** A provider of vectors of two numbers. */
export const providerOf = (
  embed: EmbedCall,
  jobs: Jobs | null = null,
): Provider<EmbeddingInput, Embedded> => ({
  async call({ inputs }) {
    const vectors = await embed(inputs.map(({ text }) => text));
    return { outputs: vectors.map((vector) => ({ vector })), tokens: null };
  },
  check: (outputs, texts) =>
    checkVectors(
      outputs.map(({ vector }) => vector),
      texts,
      2,
    ),
  jobs,
});

type Options = EngineOptions<EmbeddingInput, Embedded>;

/** An engine on a virtual clock that makes one call at a time, and none twice. */
export const engineOf = (
  provider: Options["provider"],
  changes: Partial<Options> = {},
): Engine<EmbeddingInput, Embedded> =>
  new Engine({
    provider,
    profile: mockProfile({ callMs: 0, jobMs: 0 }),
    space: { provider: "mock", model: "mock", dimensions: 2, taskForm: "none" },
    contents: "text",
    maxParallel: 1,
    maxQueued: Number.POSITIVE_INFINITY,
    textsPerCall: 2,
    retries: { ...DEFAULT_CALLS, maxRetries: 0 },
    polling: { firstMs: 10, mostMs: 60 },
    clock: createVirtualClock(),
    random: () => 0.5,
    tell: () => undefined,
    ...changes,
  });
