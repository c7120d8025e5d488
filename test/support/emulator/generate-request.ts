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

/** What is to be written about, as an emulated writer sees it. */
export interface Prompt {
  readonly system: string;
  readonly prompt: string;
}

/** Who writes: text by prompt, always the same for the same one. */
export type Writer = (prompt: Prompt) => string;

/** What was written. */
export interface Writing {
  readonly text: string;
  /** Whether it ends where no more tokens were allowed. */
  readonly isCut: boolean;
  readonly bill: GenerationBill;
}

/** A prompt with numbered passages, one as JSON in a line, is answered from the first of them. */
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

/** Its words are not documented; the status of all bad arguments is. */
const empty = (): Refusal =>
  new Refusal("INVALID_ARGUMENT", "* GenerateContentRequest.contents: contents is not specified\n");
