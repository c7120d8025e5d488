import { z } from "zod";
import type { JobOrder, JobRow } from "../../sending/provider.ts";
import { estimateTokens } from "../../chunking/tokens.ts";
import { SiteragError } from "../../words/errors.ts";
import type { Embedded, EmbeddingInput } from "../../words/types.ts";
import type { JobFormat } from "./gemini-jobs.ts";
import type { TaskForm } from "./task-forms.ts";
import { unitVector } from "./unit-vector.ts";

/** How the texts of a job are embedded. */
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

/** A `google.rpc.Status`. */
export interface RowError {
  readonly code: number;
  readonly message: string;
}

/** What a row holds in place of an answer. */
export const rowError: z.ZodType<RowError> = z.object({
  code: z.int().default(0),
  message: z.string().default(""),
});

const rowSchema = z.object({
  key: z.string(),
  response: z.object({ embedding: z.object({ values: z.array(z.number()) }) }).optional(),
  error: rowError.optional(),
});

/** Longest piece of the service's own words in a message. */
const MAX_WORDS = 200;

/**
 * The rows of a job's output file, in the order of the file, vectors of unit length. A line that is
 * no row is left out: its text counts as missing.
 */
export function fromJsonl(text: string): JobRow<Embedded>[] {
  return text.split("\n").flatMap((line): JobRow<Embedded>[] => {
    const row = rowSchema.safeParse(parsed(line));
    if (!row.success) return [];
    const { key, response, error } = row.data;
    if (response !== undefined)
      return [{ key, output: { vector: unitVector(response.embedding.values) } }];
    return [{ key, error: rowFailed("EMBEDDING_FAILED", error), isFree: true }];
  });
}

/** A line as JSON; null where it is none. */
export function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** What is said of a row that failed. */
export function rowFailed(
  as: "EMBEDDING_FAILED" | "JOB_FAILED",
  error: RowError | undefined,
): SiteragError {
  const { code = 0, message = "" } = error ?? {};
  const words = message.trim().slice(0, MAX_WORDS);
  const why = [`code ${code}`, words].filter((part) => part !== "").join(": ");
  return new SiteragError(
    as,
    `The Gemini API could not ${as === "EMBEDDING_FAILED" ? "embed" : "answer"} this text in a batch job (${why}).`,
  );
}
