import { checkVectors } from "../../src/embedding/check-vectors.ts";
import { mockProfile } from "../../src/providers/mock/mock-profile.ts";
import { Engine } from "../../src/sending/engine.ts";
import type { EngineOptions } from "../../src/sending/engine-options.ts";
import { EventSource } from "../../src/sending/events.ts";
import type { Listener } from "../../src/sending/events.ts";
import type { JobRow, JobService, Provider } from "../../src/sending/provider.ts";
import { defaults } from "../../src/config/keys.ts";
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

/** An engine on a virtual clock that makes one call at a time, and none twice; `tell` hears its events. */
export function engineOf(
  provider: Options["provider"],
  { tell, ...changes }: Partial<Options> & { readonly tell?: Listener } = {},
): Engine<EmbeddingInput, Embedded> {
  const events = new EventSource();
  if (tell !== undefined) events.listen(tell);
  return new Engine({
    provider,
    client: {
      profile: mockProfile({ callMs: 0, jobMs: 0 }),
      space: { provider: "mock", model: "mock", dimensions: 2, taskForm: "none" },
      events,
    },
    contents: "text",
    maxParallel: 1,
    maxQueued: Number.POSITIVE_INFINITY,
    textsPerCall: 2,
    retries: { ...defaults().calls, maxRetries: 0 },
    pollMs: 10,
    clock: createVirtualClock(),
    random: () => 0.5,
    ...changes,
  });
}
