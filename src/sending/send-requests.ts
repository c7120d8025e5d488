import type { BatchingOptions } from "../planning/choose-roads.ts";
import { chooseStrategy } from "../planning/choose-strategy.ts";
import type { Plan, PlanItem, Usage } from "../words/plans.ts";
import type { Clock, Fingerprint, Purpose, Result } from "../words/types.ts";
import type { Execution, SetOptions, Sender } from "./client.ts";
import { decisionOf } from "./events.ts";
import type { EngineOptions } from "./engine-options.ts";
import { interrupted, notSent } from "./unfinished.ts";

/** What is special of requests of one kind: texts to embed, or prompts. */
export interface RequestKind<Request, Input, Output> {
  readonly contents: EngineOptions<Input, Output>["contents"];
  /** Whether `deadlineMs` bounds calls, too, and not jobs alone. */
  readonly isWholeSetBounded: boolean;
  /** Throws INVALID_REQUEST with the number of a request that cannot be sent, counted from `first`. */
  readonly check: (requests: readonly Request[], first: number) => void;
  /** Equal requests have the same key. */
  readonly keyOf: (request: Request) => Fingerprint;
  readonly inputOf: (request: Request) => Input;
  /** One item for equal requests. */
  readonly itemOf: (key: Fingerprint, same: readonly Request[], ofSet: Purpose) => PlanItem;
  /** The outcome of a text as that of one request; equal requests share no data. */
  readonly resultFor: (request: Request, result: Result<Output>) => Result<Output>;
}

/** What sends requests, and how. */
export interface RequestContext<Request, Input, Output> {
  readonly client: Pick<Sender<Input, Output>, "profile" | "events" | "execute">;
  readonly kind: RequestKind<Request, Input, Output>;
  readonly batching: BatchingOptions;
  readonly clock: Clock;
}

/** Is told the outcome of a text, once for all equal requests. */
export type OnSettled<Output> = (key: Fingerprint, result: Result<Output>) => void;

/** A set of requests, planned. */
export interface RequestSet<Output> {
  /** One for each request. */
  readonly keys: readonly Fingerprint[];
  /** Carries the plan out. Throws the first failure, unless failures are collected. */
  readonly run: (onSettled: OnSettled<Output>) => Promise<Usage>;
}

/** Checks and plans a set of requests. Equal requests are sent once. */
export function planRequests<Request, Input, Output>(
  requests: readonly Request[],
  options: SetOptions,
  context: RequestContext<Request, Input, Output>,
  first = 0,
): RequestSet<Output> {
  const { batching, client, kind } = context;
  const { profile } = client;
  const { purpose, forceBatch, forceIndividual } = options;
  kind.check(requests, first);
  const keys = requests.map((request) => kind.keyOf(request));
  const groups = Map.groupBy(requests.entries(), ([at]) => keys[at] ?? "");
  const items = [...groups].map(([key, group]) => {
    const same = group.map(([, request]) => request);
    return kind.itemOf(key, same, purpose ?? "index");
  });
  const choices = { purpose, forceBatch, forceIndividual, profile, contents: kind.contents };
  const plan = chooseStrategy(items, batching, choices);
  options.logger?.info?.(plan.reason);
  client.events?.emit({ type: "strategy_chosen", ...decisionOf(plan) });
  const inputs = new Map(
    requests.map((request, at) => [keys[at] ?? "", kind.inputOf(request)] as const),
  );
  const callsDeadlineMs = kind.isWholeSetBounded ? options.deadlineMs : undefined;
  const bounds = { ...options, callsDeadlineMs };
  return { keys, run: (onSettled) => run(plan, inputs, client, bounds, onSettled) };
}

async function run<Input, Output>(
  plan: Plan,
  inputs: ReadonlyMap<Fingerprint, Input>,
  client: Pick<Sender<Input, Output>, "execute">,
  options: SetOptions & Pick<Execution<Input, Output>, "callsDeadlineMs">,
  onSettled: OnSettled<Output>,
): Promise<Usage> {
  const { signal, deadlineMs, callsDeadlineMs, onDeadline, ledger, logger } = options;
  const isFailFast = options.onError !== "collect";
  const failures: Error[] = [];
  const open = new Set(inputs.keys());
  const stop = new AbortController();
  const inputOf = ({ fingerprint }: PlanItem): Input => {
    const input = inputs.get(fingerprint);
    if (input === undefined) throw new TypeError(`No text for fingerprint ${fingerprint}.`);
    return input;
  };
  const usage = await client.execute(plan, {
    signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
    deadlineMs,
    callsDeadlineMs,
    onDeadline,
    ledger,
    logger,
    inputsOf: async (items) => items.map(inputOf),
    settle: async (settled) => {
      for (const { item, result } of settled) {
        open.delete(item.fingerprint);
        onSettled(item.fingerprint, result);
        if (result.status === "failed") failures.push(result.error);
      }
      if (isFailFast && failures.length > 0) stop.abort();
    },
  });
  if (signal?.aborted === true && open.size > 0) failures.push(interrupted());
  if (isFailFast && failures[0] !== undefined) throw failures[0];
  return usage;
}

/** The results of a set of requests, in their order, and their usage. */
export interface SentSet<Output> {
  readonly results: readonly Result<Output>[];
  readonly usage: Usage & { readonly durationMs: number };
}

/** Plans a set of requests and carries the plan out. */
export async function sendRequests<Request, Input, Output>(
  requests: readonly Request[],
  options: SetOptions,
  context: RequestContext<Request, Input, Output>,
): Promise<SentSet<Output>> {
  const { clock, kind } = context;
  const started = clock.now();
  const set = planRequests(requests, options, context);
  const results = new Map<Fingerprint, Result<Output>>();
  const usage = await set.run((key, result) => results.set(key, result));
  return {
    results: requests.map((request, at) =>
      kind.resultFor(request, results.get(set.keys[at] ?? "") ?? notSent()),
    ),
    usage: { ...usage, durationMs: clock.now() - started },
  };
}
