import { z } from "zod";
import { CallFailure } from "../../sending/call-failure.ts";
import type { JobOrder } from "../../sending/service.ts";
import { SiteragError, toError } from "../../words/errors.ts";
import type { GeneratedText, GenerationRequest } from "../../generation/client.ts";
import { estimateTokens } from "../../chunking/tokens.ts";
import { promptTokens } from "../../generation/prompt-tokens.ts";
import type { GenerationTokens } from "../../planning/generation-cost.ts";
import { parsed, rowError, rowFailed } from "./batch-jsonl.ts";
import type { JobFormat } from "./gemini-jobs.ts";
import { finishOf, generateAnswerSchema, readPiece } from "./generate-answer.ts";
import type { Piece } from "./generate-answer.ts";

/** What became of a prompt in a job. `tokens` is null where the service does not say. */
type RowContent =
  | { readonly tokens: GenerationTokens | null; readonly answer: GeneratedText }
  | {
      readonly tokens: GenerationTokens | null;
      readonly error: Error;
      /** The model has answered, and the answer was kept back: to ask again would not help. */
      readonly isBlocked: boolean;
      /** The service says that it has not answered: it charges nothing. */
      readonly isFree: boolean;
    };

/** One row of a finished job of prompts. */
export type GenerationRow = { readonly key: string } & RowContent;

/** Jobs of prompts. */
export const generationFormat: JobFormat<GenerationRequest, GenerationRow> = {
  method: "batchGenerateContent",
  toJsonl: ({ texts }) =>
    texts.map(({ key, input }) => `${JSON.stringify({ key, request: bodyOf(input) })}\n`).join(""),
  tokensOf: ({ texts }: JobOrder<GenerationRequest>) =>
    texts.map(({ input }) => promptTokens(input)),
  fromJsonl: (text) => text.split("\n").flatMap(rowOf),
};

/** As REST spells it: the SDK has no part in files. */
function bodyOf({ prompt, system, temperature, maxOutputTokens }: GenerationRequest): object {
  const settings = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  };
  return {
    contents: [{ role: "user", parts: [{ text: prompt }] }],
    ...(system === undefined ? {} : { systemInstruction: { parts: [{ text: system }] } }),
    ...(Object.keys(settings).length === 0 ? {} : { generationConfig: settings }),
  };
}

const rowSchema = z.object({
  key: z.string(),
  response: generateAnswerSchema.optional(),
  error: rowError.optional(),
});

/** A line that is no row is left out: its prompt counts as missing. */
function rowOf(line: string): GenerationRow[] {
  const row = rowSchema.safeParse(parsed(line));
  if (!row.success) return [];
  const { key, response, error } = row.data;
  return [
    response === undefined
      ? {
          key,
          tokens: null,
          error: rowFailed("JOB_FAILED", error),
          isBlocked: false,
          isFree: error !== undefined,
        }
      : { key, ...answerOf(readPiece(response)) },
  ];
}

function answerOf(piece: Piece): RowContent {
  const { text, tokens } = piece;
  try {
    return { tokens, answer: { text, finish: finishOf(piece) } };
  } catch (cause) {
    const error = cause instanceof CallFailure ? cause.error : toError(cause);
    return { tokens, error, isBlocked: piece.refusal !== null, isFree: false };
  }
}

/**
 * What a prompt in a job has taken, by the rows under its key, of which the first counts; null: nothing.
 * Where the service does not say, or has lost the row, what was read may have been charged: the estimate
 * counts, unless the job was cancelled before it.
 */
export function chargedFor(
  [row]: readonly GenerationRow[],
  estimatedInput: number,
  isCancelled: boolean,
): GenerationTokens | null {
  if (row?.tokens != null) return row.tokens;
  const isFree = row === undefined ? isCancelled : "error" in row && row.isFree;
  if (isFree) return null;
  const text = row !== undefined && "answer" in row ? row.answer.text : "";
  return { input: estimatedInput, output: estimateTokens(text) };
}

/** Whether a prompt has its answer, or will have none; if not, it is to be asked again. */
export const isServed = (rows: readonly GenerationRow[]): boolean =>
  resultOfRows(rows).status === "ok" || rows.some((row) => "error" in row && row.isBlocked);

/** What became of a prompt, by the rows that came back under its key. */
export function resultOfRows(
  rows: readonly GenerationRow[],
):
  | ({ readonly status: "ok" } & GeneratedText)
  | { readonly status: "failed"; readonly error: Error } {
  const [row] = rows;
  if (row === undefined || rows.length > 1) {
    const message = `The job's answer is malformed: ${rows.length} rows came back for one prompt.`;
    return { status: "failed", error: new SiteragError("ANSWER_MALFORMED", message) };
  }
  return "error" in row ? { status: "failed", error: row.error } : { status: "ok", ...row.answer };
}
