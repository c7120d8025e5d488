import { estimateTokens } from "../../chunking/tokens.ts";
import type { GeneratedText, GenerationRequest } from "../../generation/client.ts";
import { promptTokens } from "../../generation/prompt-requests.ts";
import { CallFailure } from "../../sending/call-failure.ts";
import type { Pack, Provider } from "../../sending/provider.ts";
import { count } from "../../words/amounts.ts";
import { SiteragError } from "../../words/errors.ts";
import type { Tokens } from "../../words/plans.ts";
import type { GeminiConnection } from "./gemini-connection.ts";
import { throwWritingFailure } from "./gemini-failure.ts";
import { finishOf, readPiece, type Piece } from "./generate-answer.ts";
import { generationFormat } from "./generation-jsonl.ts";

/** A model may think first, so an answer may take this many times as long as vectors. */
const WRITING_FACTOR = 4;

/** Writes with a Gemini model, one text a call. `timeoutMs` is the timeout of an embedding call. */
export function writingProvider(
  { api, jobsOf, timed }: GeminiConnection,
  model: string,
  timeoutMs: number,
): Provider<GenerationRequest, GeneratedText> {
  return {
    open: () => api.open(),
    check: checkTexts,
    jobs: jobsOf(model, generationFormat),
    async call(pack, signal) {
      const request = onlyOne(pack);
      const send = async (end: AbortSignal): Promise<Piece> =>
        readPiece(await api.generate({ model, request, signal: end }));
      const answered = timed(send, timeoutMs * WRITING_FACTOR, signal);
      const piece = await answered.catch(throwWritingFailure);
      const tokens = tokensOf(request, piece);
      try {
        return { outputs: [{ text: piece.text, finish: finishOf(piece) }], tokens };
      } catch (cause) {
        // The service also charges for an unusable answer.
        if (!(cause instanceof CallFailure)) throw cause;
        throw new CallFailure(cause.error, cause.next, { charged: tokens });
      }
    },
  };
}

/** Tokens of an answer: as the service counts them, else estimated. */
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
  const message = `The model returned ${count(outputs.length, "text")} for ${count(texts, "prompt")}.`;
  throw new SiteragError("ANSWER_MALFORMED", message);
}
