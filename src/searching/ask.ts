import type { ResolvedConfig } from "../config/schema.ts";
import { createGenerator } from "../providers/create-client.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { answerPrompt } from "../generation/answer-prompt.ts";
import { AnswerReader, type AnswerReading } from "../generation/answer-reader.ts";
import type { GenerationClient, StreamEnd } from "../generation/client.ts";
import { search } from "./search.ts";
import type { GenerationUsage, Hit, SearchFilter, SearchMode } from "../words/types.ts";

export interface AskOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  readonly question: string;
  /** Passages that the answer may come from. Default: `search.limit`. */
  readonly limit?: number;
  readonly filter?: SearchFilter;
  readonly signal?: AbortSignal;
  /** Who embeds the question. Default: the one that the configuration names. */
  readonly client?: EmbeddingClient;
  /** Who writes the answer. Default: the one that the configuration names. */
  readonly generator?: GenerationClient;
  /** Called with each piece of the answer as it arrives. */
  readonly onText?: (piece: string) => void;
}

/** A passage that an answer cites. */
export interface Citation {
  /** The number in brackets in the answer. */
  readonly number: number;
  /** With `#anchor` if the host gives the passage's heading an id. */
  readonly url: string;
  readonly title: string;
  readonly headings: readonly string[];
}

export interface AskAnswer {
  readonly question: string;
  /** How the passages were found. */
  readonly mode: SearchMode;
  /** Chunks of the index that have no vector yet: only full-text search finds them. */
  readonly pending: number;
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
  const { config, question, onText = () => undefined, signal } = options;
  const generator = options.generator ?? createGenerator(config);
  generator.requireReady();
  const found = await search({ ...searchOptions(options), query: question });
  const { hits, mode, degraded, pending } = found;
  const searched = { question, mode, pending };
  const nothing = { ...searched, answer: null, citations: [], grounded: false, degraded };
  if (hits.length === 0) return { ...nothing, usage: null };
  const reader = new AnswerReader(hits.length);
  const stream = generator.generateContentStream(answerPrompt(question, hits), { signal });
  const end = await forward(stream, (piece) => show(reader.read(piece), onText));
  const reading = reader.end();
  show(reading.rest, onText);
  if (reading.answer === null) return { ...nothing, usage: end.usage };
  const notes = [degraded, ...problemsOf(reading, end)].filter((note) => note !== null);
  return {
    ...searched,
    answer: reading.answer,
    citations: reading.cited.flatMap((number) => citationOf(number, hits[number - 1])),
    grounded: reading.cited.length > 0 && reading.unknown.length === 0,
    degraded: notes.length === 0 ? null : notes.join("; "),
    usage: end.usage,
  };
}

const searchOptions = ({ config, limit, filter, signal, client }: AskOptions) => ({
  config,
  ...(limit === undefined ? {} : { limit }),
  ...(filter === undefined ? {} : { filter }),
  ...(signal === undefined ? {} : { signal }),
  ...(client === undefined ? {} : { client }),
});

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

function show(text: string, onText: (piece: string) => void): void {
  if (text !== "") onText(text);
}

function problemsOf({ cited, unknown }: AnswerReading, { finish }: StreamEnd): string[] {
  const numbers = unknown.map((number) => `[${number}]`).join(", ");
  return [
    ...(finish === "cut" ? ["the answer is incomplete: the model reached its token limit"] : []),
    ...(unknown.length === 0 ? [] : [`the answer cites ${numbers}, but there is no such passage`]),
    ...(cited.length + unknown.length > 0 ? [] : ["the answer cites no passage"]),
  ];
}

const citationOf = (number: number, hit: Hit | undefined): readonly Citation[] =>
  hit === undefined ? [] : [{ number, url: hit.url, title: hit.title, headings: hit.headings }];
