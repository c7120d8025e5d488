import type { EmbeddingClient } from "../embedding/client.ts";
import { generatorOf } from "../providers/create-client.ts";
import { answerPrompt } from "../generation/answer-prompt.ts";
import { AnswerReader, type AnswerReading } from "../generation/answer-reader.ts";
import type { GenerationClient, StreamEnd } from "../generation/client.ts";
import { tellingWaits } from "../sending/wait-lines.ts";
import { search, type SharedOptions } from "./search.ts";
import { passagesOf } from "../ranking/passage.ts";
import type { Hit, SearchAnswer } from "../words/hits.ts";
import type { GenerationUsage } from "../words/plans.ts";
import { systemClock } from "../words/system-clock.ts";

/** Where to find sections, at most `limit`, and who answers from the passages of them. */
export interface AskOptions extends Pick<
  SharedOptions,
  "config" | "limit" | "filter" | "signal" | "logger" | "clock"
> {
  readonly question: string;
  /** Embeds the question. Default: the one that the configuration names. */
  readonly client?: EmbeddingClient & { readonly generator?: GenerationClient };
  /** Who writes the answer. Default: the client's, else the one that the configuration names. */
  readonly generator?: GenerationClient;
  /** Called with each piece of the answer as it arrives. */
  readonly onText?: (piece: string) => void;
}

/** A passage that an answer cites; `url` has an `#anchor` if the host gives the heading an id. */
export interface Citation extends Pick<Hit, "url" | "title" | "headings"> {
  /** The number in brackets in the answer. */
  readonly number: number;
}

/** `mode` and `pending` are those of the search for the passages. */
export interface AskAnswer extends Pick<SearchAnswer, "mode" | "pending"> {
  readonly question: string;
  /** Null if the index does not hold the answer. */
  readonly answer: string | null;
  /** In the order in which the answer cites them. */
  readonly citations: readonly Citation[];
  /** Whether the answer cites passages, and only passages that exist. */
  readonly grounded: boolean;
  /** What is wrong with the answer, or null. */
  readonly degraded: string | null;
  /** What writing the answer used; null if the model was not asked. */
  readonly usage: GenerationUsage | null;
}

/**
 * Searches the index for a question, and has the model answer from the passages found. Throws
 * KEY_MISSING and CONFIG_INVALID before it opens the store, INDEX_MISSING, and any failure of the
 * model's call.
 */
export async function ask(options: AskOptions): Promise<AskAnswer> {
  const { question, onText = () => undefined, generator: given, ...searching } = options;
  const generator = given ?? generatorOf(searching.config, searching.client ?? {});
  generator.requireReady();
  const found = await search({ ...searching, query: question, groupByPage: false });
  const { hits, mode, degraded, pending } = found;
  const searched = { question, mode, pending };
  const nothing = { ...searched, answer: null, citations: [], grounded: false, degraded };
  if (hits.length === 0) return { ...nothing, usage: null };
  // A heading without text has what follows it as its snippet.
  const passages = hits.flatMap((hit, at) =>
    passagesOf(hit.text || hit.snippet.text, question, PASSAGES).map((text) => ({
      ...hit,
      number: at + 1,
      text,
    })),
  );
  const reader = new AnswerReader(hits.length);
  const show = (text: string): void => {
    if (text !== "") onText(text);
  };
  const stream = generator.generateContentStream(answerPrompt(question, passages), {
    signal: searching.signal,
  });
  const { clock = systemClock, logger } = searching;
  const end = await tellingWaits(generator, { clock, logger }, () =>
    forward(stream, (piece) => show(reader.read(piece))),
  );
  const reading = reader.end();
  show(reading.rest);
  if (reading.answer === null) return { ...nothing, usage: end.usage };
  const notes = [degraded, ...problemsOf(reading, end)].filter((note) => note !== null);
  return {
    ...searched,
    answer: reading.answer,
    citations: reading.cited.flatMap((number) => {
      const hit = hits[number - 1];
      if (hit === undefined) return [];
      return [{ number, url: hit.url, title: hit.title, headings: hit.headings }];
    }),
    grounded: reading.cited.length > 0 && reading.unknown.length === 0,
    degraded: notes.length === 0 ? null : notes.join("; "),
    usage: end.usage,
  };
}

/** Parts of a section that a model reads. One is about as long as a chunk: ten sections fit any model. */
const PASSAGES = { longest: 2000, most: 3 };

/** Passes on every piece and returns the end of the stream. If `take` throws, the request ends. */
async function forward(
  stream: AsyncGenerator<string, StreamEnd, undefined>,
  take: (piece: string) => void,
): Promise<StreamEnd> {
  let end: StreamEnd | undefined;
  async function* pieces(): AsyncGenerator<string, void, undefined> {
    end = yield* stream;
  }
  for await (const piece of pieces()) take(piece);
  if (end === undefined) throw new Error("A stream of pieces has ended without its end.");
  return end;
}

function problemsOf({ cited, unknown }: AnswerReading, { finish }: StreamEnd): string[] {
  const numbers = unknown.map((number) => `[${number}]`).join(", ");
  return [
    ...(finish === "cut" ? ["the answer is incomplete: the model reached its token limit"] : []),
    ...(unknown.length === 0 ? [] : [`the answer cites ${numbers}, but there is no such passage`]),
    ...(cited.length + unknown.length > 0 ? [] : ["the answer cites no passage"]),
  ];
}
