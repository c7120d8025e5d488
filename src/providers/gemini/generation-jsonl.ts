import { z } from "zod";
import { CallFailure } from "../../sending/call-failure.ts";
import type { JobOrder, JobRow } from "../../sending/provider.ts";
import { toError } from "../../words/errors.ts";
import { parsedJson } from "../../words/json.ts";
import type { GeneratedText, GenerationRequest } from "../../generation/client.ts";
import { estimateTokens } from "../../chunking/tokens.ts";
import { promptTokens } from "../../generation/prompt-requests.ts";
import { rowError, rowFailed } from "./batch-jsonl.ts";
import type { JobFormat } from "./gemini-jobs.ts";
import { throwWritingFailure } from "./gemini-failure.ts";
import { finishOf, generateAnswerSchema, readPiece } from "./generate-answer.ts";

/** The format of jobs that answer prompts. */
export const generationFormat: JobFormat<GenerationRequest, GeneratedText> = {
  method: "batchGenerateContent",
  countedWhen: "read",
  throwFailure: throwWritingFailure,
  *linesOf({ texts }) {
    for (const { key, input } of texts) yield JSON.stringify({ key, request: bodyOf(input) });
  },
  tokensOf: ({ texts }: JobOrder<GenerationRequest>) =>
    texts.map(({ input }) => promptTokens(input)),
  rowOf,
};

/** The request as REST spells it: the SDK does not write files. */
function bodyOf({ prompt, system, temperature, maxOutputTokens }: GenerationRequest): object {
  const hasSettings = temperature !== undefined || maxOutputTokens !== undefined;
  return {
    contents: [{ role: "user", parts: [{ text: prompt }] }],
    systemInstruction: system === undefined ? undefined : { parts: [{ text: system }] },
    generationConfig: hasSettings ? { temperature, maxOutputTokens } : undefined,
  };
}

const rowSchema = z.object({
  key: z.string(),
  response: generateAnswerSchema.optional(),
  error: rowError.optional(),
});

function rowOf(line: string): JobRow<GeneratedText> | null {
  const row = rowSchema.safeParse(parsedJson(line));
  if (!row.success) return null;
  const { key, response, error } = row.data;
  if (response === undefined) {
    return { key, error: rowFailed("JOB_FAILED", error), isFree: error !== undefined };
  }
  const piece = readPiece(response);
  // Without a count, estimate the output here; the plan estimates the input.
  const tokens = piece.tokens ?? { input: null, output: estimateTokens(piece.text) };
  try {
    return { key, tokens, output: { text: piece.text, finish: finishOf(piece) } };
  } catch (cause) {
    const failure = cause instanceof CallFailure ? cause.error : toError(cause);
    return { key, tokens, error: failure, isFinal: piece.refusal !== null };
  }
}
