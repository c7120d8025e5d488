import { estimateTokens } from "../../chunking/tokens.ts";
import type { GeneratedText, GenerationRequest } from "../../generation/client.ts";
import { promptTokens } from "../../generation/prompt-tokens.ts";
import { CallFailure } from "../../sending/call-failure.ts";
import type { JobService, Pack, Provider } from "../../sending/provider.ts";
import { SiteragError } from "../../words/errors.ts";
import type { Clock, Tokens } from "../../words/types.ts";
import { AnswerStream } from "./answer-stream.ts";
import type { GeminiApi } from "./gemini-api.ts";
import { malformed, throwOfWriting } from "./gemini-failure.ts";
import { finishOf, readPiece, type Piece } from "./generate-answer.ts";
import { timedCall } from "./timed-call.ts";

interface WritingProviderOptions {
  readonly api: GeminiApi;
  readonly apiKey: string;
  readonly model: string;
  readonly jobs: JobService<GenerationRequest, GeneratedText>;
  readonly clock: Clock;
  /** Longest time for one call that embeds. */
  readonly timeoutMs: number;
}

/** A model may think before it writes: a whole answer may take so many times as long as vectors. */
const WRITING_FACTOR = 4;
/** The longest silence of a streamed answer is shorter: somebody is looking at it. */
const SILENCE_FACTOR = 2;

/** A streamed answer that has begun. Close it when it is read, or left. */
export interface BegunAnswer {
  readonly stream: AnswerStream;
  readonly first: Piece;
}

/** Models of the Gemini API that write, one text a call. */
export function writingProvider(
  options: WritingProviderOptions,
): Provider<GenerationRequest, GeneratedText> {
  const { api, apiKey, clock, jobs, model } = options;
  const timeoutMs = options.timeoutMs * WRITING_FACTOR;
  return {
    open: () => api.open(),
    check: checkTexts,
    jobs,
    async call(pack, signal) {
      const request = onlyOne(pack);
      const send = async (end: AbortSignal): Promise<Piece> =>
        readPiece(await api.generate({ model, request, signal: end }));
      const piece = await timedCall(send, { clock, apiKey, timeoutMs, signal }).catch(
        throwOfWriting,
      );
      const tokens = tokensOf(request, piece);
      try {
        return { outputs: [{ text: piece.text, finish: finishOf(piece) }], tokens };
      } catch (cause) {
        // An answer that cannot be used is charged all the same.
        if (!(cause instanceof CallFailure)) throw cause;
        throw new CallFailure(cause.error, cause.next, { charged: tokens });
      }
    },
  };
}

/** Begins a streamed answer: one try. */
export async function beginStream(
  { api, apiKey, clock, model, timeoutMs }: Omit<WritingProviderOptions, "jobs">,
  request: GenerationRequest,
  signal: AbortSignal,
): Promise<BegunAnswer> {
  const silenceMs = timeoutMs * SILENCE_FACTOR;
  const call = { model, request };
  const stream = new AnswerStream({ api, apiKey, clock, call, signal, silenceMs });
  try {
    const first = await stream.next();
    if (first === null) throw malformed("is empty");
    return { stream, first };
  } catch (cause) {
    stream.close();
    return throwOfWriting(cause);
  }
}

/** What an answer took: as the service says, else estimated. */
export const tokensOf = (request: GenerationRequest, { text, tokens }: Piece): Tokens =>
  tokens ?? { input: promptTokens(request), output: estimateTokens(text) };

const onlyOne = ({ inputs }: Pack<GenerationRequest>): GenerationRequest => {
  const [request] = inputs;
  if (request === undefined || inputs.length > 1) {
    throw new TypeError(`A call writes one text, not ${inputs.length}.`);
  }
  return request;
};

function checkTexts(outputs: readonly GeneratedText[], texts: number): void {
  if (outputs.length === texts) return;
  const message = `${outputs.length} texts came back for ${texts} prompts.`;
  throw new SiteragError("ANSWER_MALFORMED", message);
}
