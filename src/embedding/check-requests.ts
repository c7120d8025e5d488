import { embeddingText } from "../chunking/embedding-input.ts";
import { estimateTokens } from "../chunking/tokens.ts";
import { SiteragError } from "../words/errors.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { EmbeddingInput, EmbeddingRequest, TaskType } from "../words/types.ts";

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
 * Checks requests before the first of them is sent; `first` is the number of the first one in a stream.
 * Throws INVALID_REQUEST, naming the first that cannot be sent.
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

/** What of a request is embedded: a title counts for documents only, and an empty one is none. */
export const toInput = ({
  title = "",
  text,
  taskType = "RETRIEVAL_DOCUMENT",
}: EmbeddingRequest): EmbeddingInput => ({
  title: title === "" || taskType !== "RETRIEVAL_DOCUMENT" ? null : title,
  text,
});
