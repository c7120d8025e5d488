import { embeddingText } from "../chunking/embedding-input.ts";
import { estimateTokens } from "../chunking/tokens.ts";
import { fingerprintOf } from "../planning/fingerprint.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { RequestKind } from "../sending/send-requests.ts";
import { SiteragError } from "../words/errors.ts";
import type { PlanItem } from "../words/plans.ts";
import type {
  Embedded,
  EmbeddingInput,
  EmbeddingRequest,
  EmbeddingResult,
  EmbeddingSpace,
  Fingerprint,
  Purpose,
  TaskType,
} from "../words/types.ts";

/** Requests for vectors of one space. */
export const embeddingRequests = (
  space: EmbeddingSpace,
  profile: ProviderProfile,
): RequestKind<EmbeddingRequest, EmbeddingInput, Embedded> => ({
  contents: "text",
  isWholeSetBounded: true,
  check: (requests, first) => checkRequests(requests, profile, first),
  keyOf: (request) => keyOf(request, space),
  inputOf: toInput,
  itemOf,
  resultFor,
});

/** A text's outcome with a request's tag, and with its own copy of the vector. */
export const resultFor = ({ tag }: EmbeddingRequest, result: EmbeddingResult): EmbeddingResult => ({
  ...(result.status === "ok" ? { ...result, vector: result.vector.slice() } : result),
  ...(tag === undefined ? {} : { tag }),
});

/** The fingerprint of a request: task type, title and text each change the vector. */
export function keyOf(request: EmbeddingRequest, space: EmbeddingSpace): Fingerprint {
  const { taskType = "RETRIEVAL_DOCUMENT" } = request;
  const { title, text } = toInput(request);
  const taskForm = `${space.taskForm} ${taskType}`;
  return fingerprintOf({ ...space, taskForm }, JSON.stringify([title, text]));
}

/** One item for equal requests: urgent if one of them is, with the first purpose other than `index`. */
function itemOf(
  fingerprint: Fingerprint,
  same: readonly EmbeddingRequest[],
  ofSet: Purpose,
): PlanItem {
  const [first = { text: "" }] = same;
  const text = embeddingText(toInput(first));
  const purposes = same.map(({ purpose = ofSet }) => purpose);
  return {
    fingerprint,
    tokens: estimateTokens(text),
    bytes: Buffer.byteLength(text),
    page: first.tag ?? "",
    ...(same.some(({ urgent }) => urgent === true) ? { urgent: true } : {}),
    purpose: purposes.find((purpose) => purpose !== "index") ?? "index",
    taskType: first.taskType ?? "RETRIEVAL_DOCUMENT",
  };
}

const TASK_TYPES: Readonly<Record<TaskType, true>> = {
  RETRIEVAL_DOCUMENT: true,
  RETRIEVAL_QUERY: true,
  SEMANTIC_SIMILARITY: true,
  CLASSIFICATION: true,
  CLUSTERING: true,
  CODE_RETRIEVAL_QUERY: true,
  QUESTION_ANSWERING: true,
  FACT_VERIFICATION: true,
};

/**
 * Checks requests before any is sent; `first` is the index of the first one in a stream. Throws
 * INVALID_REQUEST for the first that cannot be sent.
 */
export function checkRequests(
  requests: readonly EmbeddingRequest[],
  { textTokens }: ProviderProfile,
  first = 0,
): void {
  for (const [at, request] of requests.entries()) {
    const problem = problemOf(request, textTokens);
    if (problem === null) continue;
    const name = request.tag === undefined ? "" : ` (“${request.tag}”)`;
    const sent =
      first === 0 ? "Nothing was sent." : `Only the ${first} requests before it were sent.`;
    const which = first === 0 ? `${at}${name} of ${requests.length}` : `${first + at}${name}`;
    const message = `Request ${which}, counted from 0, ${problem}. ${sent}`;
    throw new SiteragError("INVALID_REQUEST", message);
  }
}

function problemOf(request: EmbeddingRequest, textTokens: number): string | null {
  const { text, taskType = "RETRIEVAL_DOCUMENT" } = request;
  if (text.trim() === "") return "has no text";
  if (!Object.hasOwn(TASK_TYPES, taskType)) {
    return `has the unknown task type “${taskType}”; known are ${Object.keys(TASK_TYPES).join(", ")}`;
  }
  const tokens = estimateTokens(embeddingText(toInput(request)));
  return tokens > textTokens
    ? `is too long: about ${tokens} tokens, and the model reads ${textTokens}`
    : null;
}

/** The input of a request. Only documents keep their title; an empty one counts as none. */
const toInput = ({
  title = "",
  text,
  taskType = "RETRIEVAL_DOCUMENT",
}: EmbeddingRequest): EmbeddingInput => ({
  title: title === "" || taskType !== "RETRIEVAL_DOCUMENT" ? null : title,
  text,
});
