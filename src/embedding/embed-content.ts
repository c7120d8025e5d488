import { embeddingText } from "../chunking/embedding-input.ts";
import { estimateTokens } from "../chunking/tokens.ts";
import { chooseStrategy } from "../planning/choose-strategy.ts";
import type { BatchingOptions } from "../planning/choose-roads.ts";
import { fingerprintOf } from "../planning/fingerprint.ts";
import type {
  Clock,
  EmbeddingInput,
  EmbeddingRequest,
  EmbeddingResult,
  EmbeddingSpace,
  Fingerprint,
  Plan,
  PlanItem,
  Purpose,
  Usage,
} from "../words/types.ts";
import { checkRequests, toInput } from "./check-requests.ts";
import type { EmbedContentOptions, EmbeddedSet, EmbeddingClient } from "./client.ts";
import { decisionOf } from "../sending/events.ts";
import { interrupted, notSent } from "../sending/given-up.ts";

/** The rest of a client, as far as a set of requests needs it. */
export interface RequestContext {
  readonly client: Pick<EmbeddingClient, "space" | "profile" | "events" | "execute">;
  readonly batching: BatchingOptions;
  readonly clock: Clock;
}

/** What became of one text; equal texts share it. */
export type OnSettled = (fingerprint: Fingerprint, result: EmbeddingResult) => void;

/** A set of requests, planned. */
export interface RequestSet {
  /** One for each request. */
  readonly fingerprints: readonly Fingerprint[];
  /** Carries the plan out. Throws the first failure, unless failures are collected. */
  readonly run: (onSettled: OnSettled) => Promise<Usage>;
}

/** Checks and plans a set of requests; equal texts are sent once. */
export function planRequests(
  requests: readonly EmbeddingRequest[],
  options: EmbedContentOptions,
  { client, batching }: RequestContext,
): RequestSet {
  checkRequests(requests, client.profile);
  const fingerprints = requests.map((request) => keyOf(request, client.space));
  const { purpose, forceBatch, forceIndividual } = options;
  const items = toItems(requests, fingerprints, purpose);
  const { profile } = client;
  const plan = chooseStrategy(items, batching, { purpose, forceBatch, forceIndividual, profile });
  options.logger?.info(plan.reason);
  client.events?.emit({ type: "strategy_chosen", ...decisionOf(plan) });
  const inputs = new Map(requests.map((request, at) => [fingerprints[at] ?? "", toInput(request)]));
  return { fingerprints, run: (onSettled) => run(plan, inputs, options, client, onSettled) };
}

async function run(
  plan: Plan,
  inputs: ReadonlyMap<Fingerprint, EmbeddingInput>,
  { signal, deadlineMs, logger, onError = "failFast" }: EmbedContentOptions,
  client: RequestContext["client"],
  onSettled: OnSettled,
): Promise<Usage> {
  const failures: Error[] = [];
  const open = new Set(inputs.keys());
  const stop = new AbortController();
  const inputOf = ({ fingerprint }: PlanItem): EmbeddingInput => {
    const input = inputs.get(fingerprint);
    if (input === undefined) throw new TypeError(`No text for fingerprint ${fingerprint}.`);
    return input;
  };
  const usage = await client.execute(plan, {
    signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
    deadlineMs,
    callsDeadlineMs: deadlineMs,
    logger,
    inputsOf: async (items) => items.map(inputOf),
    settle: async (settled) => {
      for (const { item, result } of settled) {
        open.delete(item.fingerprint);
        onSettled(item.fingerprint, result);
        if (result.status === "failed") failures.push(result.error);
      }
      if (onError === "failFast" && failures.length > 0) stop.abort();
    },
  });
  if (onError === "failFast" && signal?.aborted === true && open.size > 0) {
    failures.push(interrupted());
  }
  if (onError === "failFast" && failures[0] !== undefined) throw failures[0];
  return usage;
}

/** Plans a set of requests and has the plan carried out. */
export async function embedContent(
  requests: readonly EmbeddingRequest[],
  options: EmbedContentOptions,
  context: RequestContext,
): Promise<EmbeddedSet> {
  const started = context.clock.now();
  const set = planRequests(requests, options, context);
  const results = new Map<Fingerprint, EmbeddingResult>();
  const usage = await set.run((fingerprint, result) => results.set(fingerprint, result));
  return {
    results: requests.map((request, at) =>
      resultFor(request, results.get(set.fingerprints[at] ?? "") ?? notSent()),
    ),
    usage: { ...usage, durationMs: context.clock.now() - started },
  };
}

/** The outcome of a text under the tag of a request; whoever has the same text has another copy. */
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

/** One item a fingerprint: urgent if one of its requests is; of purposes the more special one. */
function toItems(
  requests: readonly EmbeddingRequest[],
  fingerprints: readonly Fingerprint[],
  ofSet: Purpose = "index",
): readonly PlanItem[] {
  const groups = Map.groupBy(requests.entries(), ([at]) => fingerprints[at] ?? "");
  return [...groups].flatMap(([fingerprint, group]) => {
    const same = group.map(([, request]) => request);
    const [first] = same;
    if (first === undefined) return [];
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
  });
}
