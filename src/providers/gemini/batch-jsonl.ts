import { z } from "zod";
import type { JobOrder, JobRow } from "../../sending/provider.ts";
import { estimateTokens } from "../../chunking/tokens.ts";
import { SiteragError } from "../../words/errors.ts";
import { parsedJson } from "../../words/json.ts";
import type { Embedded, EmbeddingInput } from "../../words/types.ts";
import { MAX_WORDS } from "./gemini-failure.ts";
import type { JobFormat } from "./gemini-jobs.ts";
import type { TaskForm } from "./task-forms.ts";

/** How texts are embedded. */
export interface JobForm {
  readonly model: string;
  readonly dimensions: number;
  readonly form: TaskForm;
}

/** Jobs of texts to embed. */
export const embeddingFormat = (form: JobForm): JobFormat<EmbeddingInput, Embedded> => ({
  method: "asyncBatchEmbedContent",
  countedWhen: "created",
  throwFailure: (cause) => {
    throw cause;
  },
  toJsonl: (order) => toJsonl(order, form),
  tokensOf: ({ texts, taskType }) =>
    texts.map(({ input }) => estimateTokens(form.form.textOf(input, taskType))),
  fromJsonl,
});

/** The input file of a job: one request a line, each with the key that its row comes back under. */
export function toJsonl(
  { texts, taskType }: JobOrder<EmbeddingInput>,
  { model, dimensions, form }: JobForm,
): string {
  const parameter = form.parameterOf(taskType);
  const shared = {
    model: `models/${model}`,
    ...(parameter === undefined ? {} : { taskType: parameter }),
    outputDimensionality: dimensions,
  };
  const lines = texts.map(({ key, input }) =>
    JSON.stringify({
      key,
      request: { content: { parts: [{ text: form.textOf(input, taskType) }] }, ...shared },
    }),
  );
  return `${lines.join("\n")}\n`;
}

/** What a row holds in place of an answer: a `google.rpc.Status`. */
export const rowError = z.object({
  code: z.int().default(0),
  message: z.string().default(""),
});

const rowSchema = z.object({
  key: z.string(),
  response: z.object({ embedding: z.object({ values: z.array(z.number()) }) }).optional(),
  error: rowError.optional(),
});

/**
 * The rows of a job's output file, in the order of the file, vectors of unit length. A line that is
 * no row is left out: its text counts as missing.
 */
export function fromJsonl(text: string): JobRow<Embedded>[] {
  return text.split("\n").flatMap((line): JobRow<Embedded>[] => {
    const row = rowSchema.safeParse(parsedJson(line));
    if (!row.success) return [];
    const { key, response, error } = row.data;
    if (response !== undefined)
      return [{ key, output: { vector: unitVector(response.embedding.values) } }];
    return [{ key, error: rowFailed("EMBEDDING_FAILED", error), isFree: true }];
  });
}

/** What is said of a row that failed. */
export function rowFailed(
  as: "EMBEDDING_FAILED" | "JOB_FAILED",
  { code, message }: z.infer<typeof rowError> = { code: 0, message: "" },
): SiteragError {
  const words = message.trim().slice(0, MAX_WORDS);
  const why = [`code ${code}`, words].filter((part) => part !== "").join(": ");
  const work = as === "EMBEDDING_FAILED" ? "embed" : "answer";
  return new SiteragError(
    as,
    `The Gemini API could not ${work} this text in a batch job (${why}).`,
  );
}

/**
 * A vector of length 1 in the same direction. `gemini-embedding-001` gives unit vectors at 3,072
 * dimensions alone. A zero vector has no direction and comes back as it is.
 */
export function unitVector(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => (length === 0 ? 0 : value / length));
}
