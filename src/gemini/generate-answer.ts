import { z } from "zod";
import { CallFailure } from "../embedding/call-failure.ts";
import { SiteragError } from "../errors.ts";
import type { Finish } from "../generation/client.ts";
import { malformed } from "./gemini-failure.ts";

/** `GenerateContentResponse`, as much of it as is read: https://ai.google.dev/api/generate-content. */
export interface GenerateAnswer {
  readonly candidates: readonly {
    readonly content: {
      readonly parts: readonly { readonly text: string; readonly thought: boolean }[];
    };
    readonly finishReason?: string | undefined;
  }[];
  readonly promptFeedback: { readonly blockReason?: string | undefined };
  readonly usageMetadata?: TokenCounts | undefined;
}

interface TokenCounts {
  readonly promptTokenCount: number;
  readonly candidatesTokenCount: number;
  /** What a model thinks before it answers is paid for like its answer. */
  readonly thoughtsTokenCount: number;
}

const count = z.int().default(0);
const part = z.object({ text: z.string().default(""), thought: z.boolean().default(false) });

export const generateAnswerSchema: z.ZodType<GenerateAnswer> = z.object({
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

/** Tokens that were read and written. */
interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** A whole answer, or a piece of one. */
export interface Piece {
  readonly text: string;
  /** Null: it goes on. */
  readonly finish: Finish | null;
  /** Of the answer so far; null where the service does not say. */
  readonly tokens: Tokens | null;
}

/** Longest piece of the service's own words in a message. */
const MAX_WORDS = 60;

const FINISHES: Readonly<Record<string, Finish>> = { STOP: "complete", MAX_TOKENS: "cut" };
const GOES_ON: ReadonlySet<string | undefined> = new Set([undefined, "FINISH_REASON_UNSPECIFIED"]);

/** Reads an answer. Throws a CallFailure with ANSWER_BLOCKED for one that the service kept back. */
export function readPiece({ candidates, promptFeedback, usageMetadata }: GenerateAnswer): Piece {
  const [candidate] = candidates;
  const reason = candidate?.finishReason;
  const finish = FINISHES[reason ?? ""] ?? null;
  const block = promptFeedback.blockReason?.slice(0, MAX_WORDS);
  if (block !== undefined) throw blocked(`does not answer this prompt (${block})`);
  if (finish === null && !GOES_ON.has(reason))
    throw blocked(`broke its answer off (${reason?.slice(0, MAX_WORDS)})`);
  return {
    text: (candidate?.content.parts ?? []).map((one) => (one.thought ? "" : one.text)).join(""),
    finish,
    tokens: tokensOf(usageMetadata),
  };
}

const tokensOf = (counts: TokenCounts | undefined): Tokens | null =>
  counts === undefined
    ? null
    : {
        input: counts.promptTokenCount,
        output: counts.candidatesTokenCount + counts.thoughtsTokenCount,
      };

const blocked = (what: string): CallFailure =>
  new CallFailure(
    new SiteragError("ANSWER_BLOCKED", `The Gemini API ${what}. Other words may help.`),
    "fail",
    { isLost: true },
  );

/** What there is before the first piece. */
export const NOTHING: Piece = { text: "", finish: null, tokens: null };

/** Two pieces that follow each other, as one. */
export const joined = (one: Piece, next: Piece): Piece => ({
  text: one.text + next.text,
  finish: next.finish ?? one.finish,
  tokens: next.tokens ?? one.tokens,
});

/** How an answer ended. Throws a CallFailure for one without an end, or without a text before it. */
export function finishOf({ text, finish }: Piece): Finish {
  if (finish === null) throw malformed("ended before it was complete");
  if (finish === "complete" && text.trim() === "") throw malformed("holds no text");
  return finish;
}
