import { checkVectors } from "../../embedding/check-vectors.ts";
import type { JobService, Pack, Provider } from "../../sending/provider.ts";
import { SiteragError, toError } from "../../words/errors.ts";
import type { Clock, Embedded, EmbeddingInput } from "../../words/types.ts";
import type { GeminiApi } from "./gemini-api.ts";
import { malformed } from "./gemini-failure.ts";
import type { TaskForm } from "./task-forms.ts";
import { timedCall } from "./timed-call.ts";
import { unitVector } from "./unit-vector.ts";

interface EmbeddingProviderOptions {
  readonly api: GeminiApi;
  readonly apiKey: string;
  readonly model: string;
  /** Length of the vectors. */
  readonly dimensions: number;
  readonly form: TaskForm;
  readonly jobs: JobService<EmbeddingInput, Embedded>;
  readonly clock: Clock;
  /** Longest time for one call. */
  readonly timeoutMs: number;
}

/** Models of the Gemini API that embed. */
export function embeddingProvider(
  options: EmbeddingProviderOptions,
): Provider<EmbeddingInput, Embedded> {
  const { api, apiKey, clock, dimensions, form, jobs, model, timeoutMs } = options;
  return {
    open: () => api.open(),
    jobs,
    check: checkOf(dimensions),
    async call({ inputs, taskType }: Pack<EmbeddingInput>, signal) {
      const texts = inputs.map((input) => form.textOf(input, taskType));
      const parameters = { model, dimensions, texts, taskType: form.parameterOf(taskType) };
      const send = (end: AbortSignal) => api.embed({ ...parameters, signal: end });
      const answer = await timedCall(send, { clock, apiKey, timeoutMs, signal });
      const count = answer.usageMetadata?.promptTokenCount;
      return {
        outputs: answer.embeddings.map(({ values }) => ({ vector: unitVector(values) })),
        tokens: count === undefined ? null : { input: count, output: 0 },
      };
    },
  };
}

/** Checks vectors of a length. */
export const checkOf =
  (dimensions: number): Provider<never, Embedded>["check"] =>
  (outputs, texts) => {
    try {
      checkVectors(
        outputs.map(({ vector }) => vector),
        texts,
        dimensions,
      );
    } catch (cause) {
      if (!(cause instanceof SiteragError)) throw cause;
      throw malformed(`cannot be used: ${toError(cause).message}`, { cause }).error;
    }
  };
