import { cumulativeUnits, unitsOfTokens } from "../../../src/chunking/tokens.ts";
import { mockVector } from "../../../src/providers/mock/mock-vector.ts";
import type { Order } from "./embed-request.ts";
import { MAX_DIMENSIONS } from "./models.ts";

/** Length of a shortened vector of `gemini-embedding-001`; 0.572 to 0.584 were observed. */
const SHORTENED_NORM = 0.578;

/** How far the task type turns a vector: enough to tell tasks apart, too little to change a ranking. */
const TASK_WEIGHT = 0.05;

/** Eight decimals, about as many as the service returns. */
const PRECISION = 1e8;

/** Prompts that tell `gemini-embedding-2` its task: https://ai.google.dev/gemini-api/docs/embeddings */
const QUERY_PROMPT = /^task: [^|]+ \| query: /;
const DOCUMENT_PROMPT = /^title: (?:none|(?<title>.*?)) \| text: /s;

/**
 * The vector of a text in the emulated model. It hashes words, so texts that share words are near.
 * Deterministic.
 */
export const emulatedVector = (order: Order): readonly number[] =>
  exactVector(order).map((number) => Math.round(number * PRECISION) / PRECISION);

function exactVector({ dimensions, model, parts, taskType }: Order): readonly number[] {
  const vectors = parts.map((part) => partVector(part, model.inputTokenLimit, dimensions));
  if (model.task === "by-prompt") return unit(sum(vectors));
  const turned = unit(sum([unit(sum(vectors)), taskVector(taskType, dimensions)]));
  if (dimensions === MAX_DIMENSIONS) return turned;
  return turned.map((number) => number * SHORTENED_NORM);
}

const partVector = (text: string, maxTokens: number, dimensions: number): readonly number[] => [
  ...mockVector(withoutPrompt(truncate(text, maxTokens)), dimensions),
];

const taskVector = (taskType: string, dimensions: number): readonly number[] =>
  Array.from(mockVector(taskType, dimensions), (number) => number * TASK_WEIGHT);

/** The text of a prompt without its task, so that a question stays near its answer. */
const withoutPrompt = (text: string): string =>
  text.replace(QUERY_PROMPT, "").replace(DOCUMENT_PROMPT, (...found) => {
    const groups: unknown = found.at(-1);
    const title = typeof groups === "object" && groups !== null ? Object.values(groups)[0] : "";
    return typeof title === "string" && title !== "" ? `${title}\n` : "";
  });

function truncate(text: string, maxTokens: number): string {
  const fits = unitsOfTokens(maxTokens);
  const cut = cumulativeUnits(text).findIndex((units) => units > fits);
  return cut === -1 ? text : text.slice(0, cut - 1);
}

function sum(vectors: readonly (readonly number[])[]): readonly number[] {
  const [first = [], ...others] = vectors;
  return others.reduce(
    (total, vector) => total.map((number, at) => number + (vector[at] ?? 0)),
    first,
  );
}

function unit(vector: readonly number[]): readonly number[] {
  const norm = Math.hypot(...vector);
  return vector.map((number) => number / norm);
}
