import { jsonAnswer, streamAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { deliver, refusalOf } from "./call-faults.ts";
import { GENERATION_FAULTS } from "./fault-names.ts";
import type { GenerationFault } from "./fault-names.ts";
import { generateRequestSchema, promptOf, writingOf } from "./generate-request.ts";
import type { Writing } from "./generate-request.ts";
import type { Incoming } from "./http-server.ts";
import { writingModelOf } from "./models.ts";
import { readPayload } from "./payload.ts";
import type { Service } from "./service.ts";

/** `POST models/{model}:generateContent` */
export const generateContent = (
  service: Service,
  incoming: Incoming,
  name: string,
): Promise<Answer> =>
  answerCall(service, incoming, name, (writing, fault) => jsonAnswer(responseOf(writing, fault)));

/** `POST models/{model}:streamGenerateContent?alt=sse` */
export const streamGenerateContent = (
  service: Service,
  incoming: Incoming,
  name: string,
): Promise<Answer> => answerCall(service, incoming, name, streamed);

/** Writes an answer and bills it, unless a fault or a quota prevents that. */
async function answerCall(
  service: Service,
  incoming: Incoming,
  name: string,
  answerWith: (writing: Writing, fault: GenerationFault | null) => Answer,
): Promise<Answer> {
  const model = writingModelOf(name, "generateContent");
  const request = readPayload(generateRequestSchema, incoming.bytes);
  const { prompt } = promptOf(request);
  return service.generation.countCall(prompt, async () => {
    const writing = writingOf(name, request, service.writer);
    const fault = service.faults.meetCall([prompt]);
    const refusal =
      refusalOf(fault, model) ?? service.quotas.take(model, 1, writing.bill.inputTokens)?.answer;
    await service.takeTime(incoming);
    if (refusal !== undefined) return refusal;
    service.generation.bill("calls", [writing.bill]);
    const own = service.faults.meet(GENERATION_FAULTS, [prompt])?.name ?? null;
    return deliver(fault, answerWith(writing, own));
  });
}

/** The whole answer; wire 90. */
export function responseOf({ text, isCut, bill }: Writing, fault: GenerationFault | null): unknown {
  const about = { usageMetadata: usageOf(bill), responseId: "r1" };
  switch (fault) {
    case "prompt-blocked":
      return { promptFeedback: { blockReason: "SAFETY" }, ...about };
    case "no-candidates":
      return about;
    case "answer-blocked":
      return { candidates: [{ finishReason: "SAFETY", index: 0 }], ...about };
    case "answer-cut-short":
      return { candidates: [candidateOf(text.slice(0, text.length / 2), "MAX_TOKENS")], ...about };
    case "answer-empty":
      return { candidates: [candidateOf("", "STOP")], ...about };
    default:
      return { candidates: [candidateOf(text, isCut ? "MAX_TOKENS" : "STOP")], ...about };
  }
}

/** Characters per event: few enough to split words and citations. */
const PIECE = /[^]{1,7}/gu;

/** The same as events; wire 91 to 93. A fault strikes after half of the answer. */
function streamed(writing: Writing, fault: GenerationFault | null): Answer {
  const { text, isCut, bill } = writing;
  const pieces = text.match(PIECE) ?? [""];
  const about = { usageMetadata: usageOf(bill), responseId: "r1" };
  const event = (piece: string, finishReason?: string) => ({
    candidates: [candidateOf(piece, finishReason)],
    ...about,
  });
  const half = pieces.slice(0, Math.ceil(pieces.length / 2)).map((piece) => event(piece));
  switch (fault) {
    case "stream-error":
      return streamAnswer([...half, OVERLOADED]);
    case "stream-cut":
      return streamAnswer(half, "cut");
    case "stream-hang":
      return streamAnswer(half, "hang");
    case "stream-unfinished":
      return streamAnswer(half);
    case "answer-blocked":
      return streamAnswer([
        ...half,
        { candidates: [{ finishReason: "SAFETY", index: 0 }], ...about },
      ]);
    case "answer-cut-short":
      return streamAnswer([...half, event("", "MAX_TOKENS")]);
    case null: {
      const last = event(pieces.at(-1) ?? "", isCut ? "MAX_TOKENS" : "STOP");
      return streamAnswer([...pieces.slice(0, -1).map((piece) => event(piece)), last]);
    }
    default:
      return streamAnswer([responseOf(writing, fault)]);
  }
}

const OVERLOADED = { error: { code: 503, message: "overloaded", status: "UNAVAILABLE" } };

const candidateOf = (text: string, finishReason?: string) => ({
  content: { parts: [{ text }], role: "model" },
  ...(finishReason === undefined ? {} : { finishReason }),
  index: 0,
});

const usageOf = ({ inputTokens, outputTokens }: Writing["bill"]) => ({
  promptTokenCount: inputTokens,
  candidatesTokenCount: outputTokens,
  totalTokenCount: inputTokens + outputTokens,
});
