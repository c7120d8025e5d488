import { vectorCheck } from "../../embedding/check-vectors.ts";
import type { Provider } from "../../sending/provider.ts";
import type { Embedded, EmbeddingInput } from "../../words/types.ts";
import { embeddingFormat, unitVector, type JobForm } from "./batch-jsonl.ts";
import type { GeminiConnection } from "./gemini-connection.ts";

/** Embeds with a Gemini model; each call may take `timeoutMs`. */
export function embeddingProvider(
  { api, jobsOf, timed }: GeminiConnection,
  jobForm: JobForm,
  timeoutMs: number,
): Provider<EmbeddingInput, Embedded> {
  const { model, dimensions, form } = jobForm;
  return {
    open: () => api.open(),
    jobs: jobsOf(model, embeddingFormat(jobForm)),
    check: vectorCheck(dimensions),
    async call({ inputs, taskType }, signal) {
      const texts = inputs.map((input) => form.textOf(input, taskType));
      const parameters = { model, dimensions, texts, taskType: form.parameterOf(taskType) };
      const send = (end: AbortSignal) => api.embed({ ...parameters, signal: end });
      const answer = await timed(send, timeoutMs, signal);
      const count = answer.usageMetadata?.promptTokenCount;
      return {
        outputs: answer.embeddings.map(({ values }) => ({ vector: unitVector(values) })),
        tokens: count === undefined ? null : { input: count, output: 0 },
      };
    },
  };
}
