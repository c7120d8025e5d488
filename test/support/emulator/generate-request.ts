import { z } from "zod";
import { estimateTokens } from "../../../src/chunking/tokens.ts";
import { contentSchema } from "./embed-request.ts";
import type { GenerationBill } from "./generation-counters.ts";
import { wholeNumber } from "./payload.ts";
import { Refusal } from "./refusal.ts";

/** `GenerateContentRequest`, as far as the recorded exchanges show it. */
export const generateRequestSchema = z.strictObject({
  model: z.string().optional(),
  contents: z.array(contentSchema).default([]),
  systemInstruction: contentSchema.optional(),
  generationConfig: z
    .strictObject({
      temperature: z.number().optional(),
      maxOutputTokens: wholeNumber.optional(),
      responseMimeType: z.string().optional(),
      responseSchema: z.unknown().optional(),
    })
    .optional(),
});

export type GenerateRequest = z.infer<typeof generateRequestSchema>;

/** The input of an emulated writer. */
export interface Prompt {
  readonly system: string;
  readonly prompt: string;
}

/** Writes the answer to a prompt; the same prompt always gets the same answer. */
export type Writer = (prompt: Prompt) => string;

/** A written answer. */
export interface Writing {
  readonly text: string;
  /** Whether it was cut at the token limit. */
  readonly isCut: boolean;
  readonly bill: GenerationBill;
}

/** Answers a prompt with numbered passages (one JSON line each) from the first passage. */
export const defaultWriter: Writer = ({ prompt }) =>
  /^\{"number":1[,}]/mu.test(prompt)
    ? "The first passage tells it [1]."
    : `A sentence about ${prompt.length} characters.`;

export const promptOf = ({ contents, systemInstruction }: GenerateRequest): Prompt => ({
  system: textOf(systemInstruction === undefined ? [] : [systemInstruction]),
  prompt: textOf(contents),
});

const textOf = (contents: GenerateRequest["contents"]): string =>
  contents.flatMap(({ parts }) => parts.map(({ text }) => text)).join("\n");

/** Writes the answer to a request. Throws the API's refusal of one without a text. */
export function writingOf(model: string, request: GenerateRequest, writer: Writer): Writing {
  const asked = promptOf(request);
  if (asked.prompt === "") throw empty();
  const whole = writer(asked);
  const most = request.generationConfig?.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const isCut = estimateTokens(whole) > most;
  const text = isCut ? whole.slice(0, most) : whole;
  const bill = {
    work: JSON.stringify([model, asked.system, asked.prompt]),
    inputTokens: estimateTokens(`${asked.system}\n${asked.prompt}`),
    outputTokens: estimateTokens(text),
  };
  return { text, isCut, bill };
}

/** The message is a guess; only the status of bad arguments is documented. */
const empty = (): Refusal =>
  new Refusal("INVALID_ARGUMENT", "* GenerateContentRequest.contents: contents is not specified\n");
