import { z } from "zod";
import { estimateTokens } from "../../../src/chunking/tokens.ts";
import { MAX_DIMENSIONS, MIN_DIMENSIONS } from "./models.ts";
import type { Model } from "./models.ts";
import { wholeNumber } from "./payload.ts";
import { Refusal } from "./refusal.ts";

/** https://ai.google.dev/gemini-api/docs/embeddings */
const TASK_TYPES = [
  "TASK_TYPE_UNSPECIFIED",
  "SEMANTIC_SIMILARITY",
  "CLASSIFICATION",
  "CLUSTERING",
  "RETRIEVAL_DOCUMENT",
  "RETRIEVAL_QUERY",
  "CODE_RETRIEVAL_QUERY",
  "QUESTION_ANSWERING",
  "FACT_VERIFICATION",
] as const;

/** Text content; the emulator does not support images. */
export const contentSchema = z.strictObject({
  role: z.string().optional(),
  parts: z.array(z.strictObject({ text: z.string().default("") })).default([]),
});

const settings = {
  taskType: z.enum(TASK_TYPES).optional(),
  title: z.string().optional(),
  outputDimensionality: wholeNumber.optional(),
};

/** `EmbedContentRequest`; its settings are at the top level or (newer) in `embedContentConfig`. */
export const embedRequestSchema = z.strictObject({
  model: z.string().optional(),
  content: contentSchema.optional(),
  ...settings,
  embedContentConfig: z
    .strictObject({ ...settings, autoTruncate: z.boolean().optional() })
    .optional(),
});

export type EmbedRequest = z.infer<typeof embedRequestSchema>;

/** All parts of the content, joined by line feeds. */
export const textOf = ({ content }: EmbedRequest): string =>
  (content?.parts ?? []).map(({ text }) => text).join("\n");

/** One requested vector. */
export interface Order {
  readonly model: Model;
  /** All parts of one content; together they make one vector. */
  readonly parts: readonly string[];
  readonly text: string;
  readonly taskType: (typeof TASK_TYPES)[number];
  readonly dimensions: number;
  /**
   * Tokens counted and billed, after truncation. Estimated as siterag does, because the service's own
   * count is not available.
   */
  readonly tokens: number;
}

/** Checks what schemas cannot. Throws the API's refusal. */
export function orderOf(model: Model, request: EmbedRequest): Order {
  const given = { ...request, ...request.embedContentConfig };
  const parts = (given.content?.parts ?? []).map(({ text }) => text);
  if (parts.length === 0 || parts.includes("")) throw emptyPart();
  const dimensions = given.outputDimensionality ?? MAX_DIMENSIONS;
  if (dimensions < MIN_DIMENSIONS || dimensions > MAX_DIMENSIONS) throw badDimensions();
  const text = textOf(request);
  const tokens = estimateTokens(text);
  const { inputTokenLimit: limit } = model;
  if (
    tokens > limit &&
    model.overlong === "refused" &&
    given.embedContentConfig?.autoTruncate !== true
  )
    throw overlong(tokens, limit);
  const taskType = given.taskType ?? "TASK_TYPE_UNSPECIFIED";
  return { model, parts, text, taskType, dimensions, tokens: Math.min(tokens, limit) };
}

// The messages of these three are guesses; only the status of bad arguments is documented.
const emptyPart = (): Refusal =>
  new Refusal("INVALID_ARGUMENT", "* EmbedContentRequest.content contains an empty Part.\n");

const badDimensions = (): Refusal =>
  new Refusal(
    "INVALID_ARGUMENT",
    `* EmbedContentRequest.output_dimensionality: must be from ${MIN_DIMENSIONS} to ${MAX_DIMENSIONS}\n`,
  );

const overlong = (tokens: number, limit: number): Refusal =>
  new Refusal(
    "INVALID_ARGUMENT",
    `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${limit}).`,
  );
