import { z } from "zod";
import { CallFailure, type NextStep } from "../../sending/call-failure.ts";
import { SiteragError, type ErrorCode } from "../../words/errors.ts";
import type { Finish } from "../../generation/client.ts";
import type { Tokens } from "../../words/plans.ts";

const count = z.int().default(0);
const part = z.object({ text: z.string().default(""), thought: z.boolean().default(false) });

/** The parts of `GenerateContentResponse` that siterag reads: https://ai.google.dev/api/generate-content. */
export const generateAnswerSchema = z.object({
  candidates: z
    .array(
      z.object({
        content: z.object({ parts: z.array(part).default([]) }).prefault({}),
        finishReason: z.string().optional(),
      }),
    )
    .default([]),
  promptFeedback: z.object({ blockReason: z.string().optional() }).prefault({}),
  usageMetadata: z
    .object({ promptTokenCount: count, candidatesTokenCount: count, thoughtsTokenCount: count })
    .optional(),
});

export type GenerateAnswer = z.infer<typeof generateAnswerSchema>;

/** A whole answer, or a piece of one. */
export interface Piece {
  readonly text: string;
  /** Null while the answer goes on, and when the service withheld it. */
  readonly finish: Finish | null;
  /** Why the service withheld the answer or its rest; null when it did not. */
  readonly refusal: string | null;
  /** Tokens of the answer so far; null when the service does not say. */
  readonly tokens: Tokens | null;
}

/** The name of a reason; messages quote none of the service's other words. */
const REASON = /^[A-Z][A-Z\d_]{0,59}$/u;

const FINISHES: Readonly<Record<string, Finish>> = { STOP: "complete", MAX_TOKENS: "cut" };
const GOES_ON: ReadonlySet<string | undefined> = new Set([undefined, "FINISH_REASON_UNSPECIFIED"]);

/** Reads a whole answer, or a piece of one. */
export function readPiece({ candidates, promptFeedback, usageMetadata }: GenerateAnswer): Piece {
  const [candidate] = candidates;
  const reason = candidate?.finishReason;
  const finish = FINISHES[reason ?? ""] ?? null;
  return {
    text: (candidate?.content.parts ?? []).map((one) => (one.thought ? "" : one.text)).join(""),
    finish,
    refusal: refusalOf(promptFeedback.blockReason, finish === null ? reason : undefined),
    tokens: tokensOf(usageMetadata),
  };
}

function refusalOf(block: string | undefined, reason: string | undefined): string | null {
  if (block !== undefined) return `refused this prompt (${named(block)})`;
  if (GOES_ON.has(reason)) return null;
  return `stopped its answer (${named(reason ?? "")})`;
}

const named = (reason: string): string => (REASON.test(reason) ? reason : "unnamed reason");

function tokensOf(counts: GenerateAnswer["usageMetadata"]): Tokens | null {
  if (counts === undefined) return null;
  const { promptTokenCount: input, candidatesTokenCount, thoughtsTokenCount } = counts;
  // The service charges for thinking as for the answer.
  return { input, output: candidatesTokenCount + thoughtsTokenCount };
}

/** An answer before its first piece. */
export const NOTHING: Piece = { text: "", finish: null, refusal: null, tokens: null };

/** Joins two consecutive pieces. */
export const joined = (one: Piece, next: Piece): Piece => ({
  text: one.text + next.text,
  finish: next.finish ?? one.finish,
  refusal: one.refusal ?? next.refusal,
  tokens: next.tokens ?? one.tokens,
});

/**
 * How an answer ended. Throws CallFailure when the service withheld it, when it breaks off, and when it has
 * no text; the caller must still count its tokens.
 */
export function finishOf({ text, finish, refusal }: Piece): Finish {
  if (refusal !== null) {
    throw unusable("ANSWER_BLOCKED", `The Gemini API ${refusal}. Try other words.`, "fail");
  }
  if (finish === null) {
    throw unusable("ANSWER_MALFORMED", "The Gemini API ended its answer too early.");
  }
  if (text.trim() !== "") return finish;
  throw unusable("ANSWER_BLOCKED", "The Gemini API sent an answer without text. Try other words.");
}

const unusable = (code: ErrorCode, message: string, next: NextStep = "retry"): CallFailure =>
  new CallFailure(new SiteragError(code, message), next);
