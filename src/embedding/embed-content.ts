import { estimateTokens } from "../chunking/tokens.ts";
import { SiteragError } from "../errors.ts";
import { chooseStrategy } from "../planning/choose-strategy.ts";
import type { BatchingOptions } from "../planning/choose-strategy.ts";
import { fingerprintOf } from "../planning/fingerprint.ts";
import type {
  EmbeddingRequest,
  EmbeddingResult,
  EmbeddingSpace,
  Fingerprint,
  PlanItem,
  Purpose,
} from "../types.ts";
import type { EmbedContentOptions, EmbeddingClient, SettledItem } from "./client.ts";

/** What `embedContent` is made of: the rest of a client. */
export type PlanningClient = Pick<EmbeddingClient, "space" | "profile" | "execute">;

/**
 * Plans a set of texts and has the plan carried out. Equal texts are sent once; results keep
 * number, order and tags of the requests. What was never sent, after an abort, is failed with
 * INTERRUPTED.
 */
export async function embedContent(
  requests: readonly EmbeddingRequest[],
  options: EmbedContentOptions,
  client: PlanningClient,
  batching: BatchingOptions,
): Promise<readonly EmbeddingResult[]> {
  validate(requests);
  const { signal, deadlineMs, logger, ...occasion } = options;
  const fingerprints = requests.map((request) => keyOf(request, client.space));
  const texts = new Map(requests.map(({ text }, at) => [fingerprints[at] ?? "", text]));
  const items = toItems(requests, fingerprints, options.purpose);
  const plan = chooseStrategy(items, batching, { ...occasion, profile: client.profile });
  logger?.info(plan.reason);
  const results = new Map<Fingerprint, EmbeddingResult>();
  await client.execute(plan, {
    signal,
    deadlineMs,
    textsOf: async (some) => some.map(({ fingerprint }) => texts.get(fingerprint) ?? ""),
    settle: async (settled: readonly SettledItem[]) => {
      for (const { item, result } of settled) results.set(item.fingerprint, result);
    },
  });
  return requests.map(({ tag }, at) => ({
    ...(results.get(fingerprints[at] ?? "") ?? notSent()),
    ...(tag === undefined ? {} : { tag }),
  }));
}

function validate(requests: readonly EmbeddingRequest[]): void {
  const at = requests.findIndex(({ text }) => text.trim() === "");
  if (at === -1) return;
  const tag = requests[at]?.tag;
  const name = tag === undefined ? "" : ` (“${tag}”)`;
  throw new SiteragError(
    "INVALID_REQUEST",
    `Request ${at}${name} of ${requests.length}, counted from 0, has no text. Nothing was sent.`,
  );
}

/** A text means another vector under another task. */
const keyOf = (
  { text, taskType = "RETRIEVAL_DOCUMENT" }: EmbeddingRequest,
  space: EmbeddingSpace,
) => fingerprintOf({ ...space, taskForm: `${space.taskForm} ${taskType}` }, text);

/** One item a fingerprint: urgent if one of its requests is; of purposes the more special one. */
function toItems(
  requests: readonly EmbeddingRequest[],
  fingerprints: readonly Fingerprint[],
  ofSet: Purpose = "index",
): readonly PlanItem[] {
  const groups = Map.groupBy(requests.entries(), ([at]) => fingerprints[at] ?? "");
  return [...groups].map(([fingerprint, group]) => {
    const same = group.map(([, request]) => request);
    const text = same[0]?.text ?? "";
    const purposes = same.map(({ purpose = ofSet }) => purpose);
    return {
      fingerprint,
      tokens: estimateTokens(text),
      bytes: Buffer.byteLength(text),
      page: same[0]?.tag ?? "",
      ...(same.some(({ urgent }) => urgent === true) ? { urgent: true } : {}),
      purpose: purposes.find((purpose) => purpose !== "index") ?? "index",
    };
  });
}

const notSent = (): EmbeddingResult => ({
  status: "failed",
  error: new SiteragError("INTERRUPTED", "Interrupted before this text was sent."),
});
