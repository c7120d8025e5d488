import { z } from "zod";
import type { JobOrder, JobRow } from "../../sending/provider.ts";
import { estimateTokens } from "../../chunking/tokens.ts";
import { SiteragError } from "../../words/errors.ts";
import { parsedJson } from "../../words/json.ts";
import type { Embedded, EmbeddingInput } from "../../words/types.ts";
import { MAX_WORDS } from "./gemini-failure.ts";
import type { JobFormat } from "./gemini-jobs.ts";
import type { TaskForm } from "./task-forms.ts";

/** What a job embeds with. */
export interface JobForm {
  readonly model: string;
  readonly dimensions: number;
  readonly form: TaskForm;
}

/** The format of jobs that embed texts. */
export const embeddingFormat = (form: JobForm): JobFormat<EmbeddingInput, Embedded> => ({
  method: "asyncBatchEmbedContent",
  countedWhen: "created",
  throwFailure: (cause) => {
    throw cause;
  },
  linesOf: (order) => linesOf(order, form),
  tokensOf: ({ texts, taskType }) =>
    texts.map(({ input }) => estimateTokens(form.form.textOf(input, taskType))),
  rowOf,
});

/** The lines of a job's input file: one request each, with the key of its row in the output file. */
export function* linesOf(
  { texts, taskType }: JobOrder<EmbeddingInput>,
  { model, dimensions, form }: JobForm,
): Generator<string> {
  const shared = {
    model: `models/${model}`,
    taskType: form.parameterOf(taskType),
    outputDimensionality: dimensions,
  };
  for (const { key, input } of texts) {
    const content = { parts: [{ text: form.textOf(input, taskType) }] };
    yield JSON.stringify({ key, request: { content, ...shared } });
  }
}

/** The `google.rpc.Status` that a failed row holds instead of an answer. */
export const rowError = z.object({ code: z.int().default(0), message: z.string().default("") });

/** A vector in an answer: zod's own check of each number would take as long as reading the answer. */
export const vectorValues = z.custom<readonly number[]>(
  (values) => Array.isArray(values) && values.every(Number.isFinite),
);

const rowSchema = z.object({
  key: z.string(),
  response: z.object({ embedding: z.object({ values: vectorValues }) }).optional(),
  error: rowError.optional(),
});

/** Reads a line of an output file, with a vector of unit length. Null: it is not a row. */
export function rowOf(line: string): JobRow<Embedded> | null {
  const row = rowSchema.safeParse(parsedJson(line));
  if (!row.success) return null;
  const { key, response, error } = row.data;
  if (response !== undefined)
    return { key, output: { vector: unitVector(response.embedding.values) } };
  return { key, error: rowFailed("EMBEDDING_FAILED", error), isFree: true };
}

/** The error of a failed row. */
export function rowFailed(
  as: "EMBEDDING_FAILED" | "JOB_FAILED",
  { code, message }: z.infer<typeof rowError> = { code: 0, message: "" },
): SiteragError {
  const words = message.trim().slice(0, MAX_WORDS);
  const why = words === "" ? `code ${code}` : `code ${code}: ${words}`;
  const work = as === "EMBEDDING_FAILED" ? "embed" : "answer";
  return new SiteragError(
    as,
    `The Gemini API could not ${work} this text in a batch job (${why}).`,
  );
}

/**
 * Scales a vector to length 1: `gemini-embedding-001` returns unit vectors at 3,072 dimensions only. A zero
 * vector stays as it is.
 */
export function unitVector(values: readonly number[]): Float32Array {
  const vector = new Float32Array(values.length);
  let squares = 0;
  for (const value of values) squares += value * value;
  if (squares === 0) return vector;
  const length = Math.sqrt(squares);
  for (const [at, value] of values.entries()) vector[at] = value / length;
  return vector;
}
