import { z } from "zod";
import type { JobOrder, JobRow } from "../embedding/service.ts";
import { SiteragError } from "../errors.ts";
import type { TaskForm } from "./task-forms.ts";
import { unitVector } from "./unit-vector.ts";

/** How the texts of a job are embedded. */
export interface JobForm {
  readonly model: string;
  readonly dimensions: number;
  readonly form: TaskForm;
}

/** The input file of a job: one request a line, each with the key that its row comes back under. */
export function toJsonl(
  { texts, taskType }: JobOrder,
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

const rowSchema = z.object({
  key: z.string(),
  response: z.object({ embedding: z.object({ values: z.array(z.number()) }) }).optional(),
  error: z.object({ code: z.int().default(0), message: z.string().default("") }).optional(),
});

/** Longest piece of the service's own words in a message. */
const MAX_WORDS = 200;

/**
 * The rows of a job's output file, in the order of the file, vectors of unit length. A line that is
 * no row is left out: its text counts as missing.
 */
export function fromJsonl(text: string): JobRow[] {
  return text.split("\n").flatMap((line): JobRow[] => {
    const row = rowSchema.safeParse(parsed(line));
    if (!row.success) return [];
    const { key, response, error } = row.data;
    if (response !== undefined) return [{ key, vector: unitVector(response.embedding.values) }];
    return [{ key, error: rowFailed(error?.code ?? 0, error?.message ?? "") }];
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function rowFailed(code: number, message: string): SiteragError {
  const words = message.trim().slice(0, MAX_WORDS);
  const why = [`code ${code}`, words].filter((part) => part !== "").join(": ");
  return new SiteragError(
    "EMBEDDING_FAILED",
    `The Gemini API could not embed this text in a batch job (${why}).`,
  );
}
