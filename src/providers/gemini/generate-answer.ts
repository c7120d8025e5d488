import { z } from "zod";
import { CallFailure } from "../../sending/call-failure.ts";
import { SiteragError } from "../../words/errors.ts";
import type { Finish } from "../../generation/client.ts";
import type { Tokens } from "../../words/plans.ts";

const count = z.int().default(0);
const part = z.object({ text: z.string().default(""), thought: z.boolean().default(false) });

/** `GenerateContentResponse`, as much of it as is read: https://ai.google.dev/api/generate-content. */
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
  /** Null: it goes on, or was kept back. */
  readonly finish: Finish | null;
  /** Why the service has kept the answer back, or the rest of it; null: it has not. */
  readonly refusal: string | null;
  /** Tokens of the answer so far; null where the service does not say. */
  readonly tokens: Tokens | null;
}

/** Names that the service gives its reasons; other words of it stay out of messages. */
const REASON = /^[A-Z][A-Z\d_]{0,59}$/u;

const FINISHES: Readonly<Record<string, Finish>> = { STOP: "complete", MAX_TOKENS: "cut" };
const GOES_ON: ReadonlySet<string | undefined> = new Set([undefined, "FINISH_REASON_UNSPECIFIED"]);

/** Reads an answer, or a piece of one. */
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
  if (block !== undefined) return `does not answer this prompt (${named(block)})`;
  if (GOES_ON.has(reason)) return null;
  return `broke its answer off (${named(reason ?? "")})`;
}

const named = (reason: string): string => (REASON.test(reason) ? reason : "unnamed reason");

function tokensOf(counts: GenerateAnswer["usageMetadata"]): Tokens | null {
  if (counts === undefined) return null;
  const { promptTokenCount: input, candidatesTokenCount, thoughtsTokenCount } = counts;
  // What a model thinks before it answers is paid for like its answer.
  return { input, output: candidatesTokenCount + thoughtsTokenCount };
}

/** What there is before the first piece. */
export const NOTHING: Piece = { text: "", finish: null, refusal: null, tokens: null };

/** Two pieces that follow each other, as one. */
export const joined = (one: Piece, next: Piece): Piece => ({
  text: one.text + next.text,
  finish: next.finish ?? one.finish,
  refusal: one.refusal ?? next.refusal,
  tokens: next.tokens ?? one.tokens,
});

/**
 * How an answer ended. Throws a CallFailure for one that was kept back, is without a text, or has no
 * end. What such an answer has taken is known, and to be counted by whoever has it.
 */
export function finishOf({ text, finish, refusal }: Piece): Finish {
  if (refusal !== null) {
    const message = `The Gemini API ${refusal}. Other words may help.`;
    throw new CallFailure(new SiteragError("ANSWER_BLOCKED", message), "fail");
  }
  if (finish === null) {
    const message = "The answer of the Gemini API ended before it was complete.";
    throw new CallFailure(new SiteragError("ANSWER_MALFORMED", message), "retry");
  }
  if (text.trim() === "") {
    const message = "The answer of the Gemini API holds no text. Other words may help.";
    throw new CallFailure(new SiteragError("ANSWER_BLOCKED", message), "retry");
  }
  return finish;
}
