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
import { throwOfWriting } from "./gemini-failure.ts";
import { finishOf, generateAnswerSchema, readPiece } from "./generate-answer.ts";

/** Jobs of prompts. */
export const generationFormat: JobFormat<GenerationRequest, GeneratedText> = {
  method: "batchGenerateContent",
  countedWhen: "read",
  throwFailure: throwOfWriting,
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
function rowOf(line: string): JobRow<GeneratedText>[] {
  const row = rowSchema.safeParse(parsedJson(line));
  if (!row.success) return [];
  const { key, response, error } = row.data;
  if (response === undefined) {
    return [{ key, error: rowFailed("JOB_FAILED", error), isFree: error !== undefined }];
  }
  const piece = readPiece(response);
  // Where the service does not count, what was written is estimated here, and what was read by the plan.
  const tokens = piece.tokens ?? { input: null, output: estimateTokens(piece.text) };
  try {
    return [{ key, tokens, output: { text: piece.text, finish: finishOf(piece) } }];
  } catch (cause) {
    const failure = cause instanceof CallFailure ? cause.error : toError(cause);
    return [{ key, tokens, error: failure, isFinal: piece.refusal !== null }];
  }
}
