import { embeddingText } from "../chunking/embedding-input.ts";
import { estimateTokens } from "../chunking/tokens.ts";
import { fingerprintOf } from "../planning/fingerprint.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { RequestKind } from "../sending/send-requests.ts";
import type {
  Embedded,
  EmbeddingInput,
  EmbeddingRequest,
  EmbeddingResult,
  EmbeddingSpace,
  Fingerprint,
  PlanItem,
  Purpose,
} from "../words/types.ts";
import { checkRequests, toInput } from "./check-requests.ts";

/** Requests for vectors of one space. */
export const embeddingRequests = (
  space: EmbeddingSpace,
  profile: ProviderProfile,
): RequestKind<EmbeddingRequest, EmbeddingInput, Embedded> => ({
  contents: "text",
  check: (requests, first) => checkRequests(requests, profile, first),
  keyOf: (request) => keyOf(request, space),
  inputOf: toInput,
  itemOf,
  resultFor,
});

/** The outcome of a text under the tag of a request; a request for the same text gets another copy. */
export const resultFor = ({ tag }: EmbeddingRequest, result: EmbeddingResult): EmbeddingResult => ({
  ...(result.status === "ok" ? { ...result, vector: result.vector.slice() } : result),
  ...(tag === undefined ? {} : { tag }),
});

/** A text means another vector under another task, and a title is not the beginning of a text. */
export function keyOf(request: EmbeddingRequest, space: EmbeddingSpace): Fingerprint {
  const { taskType = "RETRIEVAL_DOCUMENT" } = request;
  const { title, text } = toInput(request);
  const taskForm = `${space.taskForm} ${taskType}`;
  return fingerprintOf({ ...space, taskForm }, JSON.stringify([title, text]));
}

/** Urgent if one of the equal requests is; of their purposes the more special one. */
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
