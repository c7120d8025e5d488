import { estimateTokens } from "../../src/chunking/tokens.ts";
import type { BatchingOptions } from "../../src/planning/choose-roads.ts";
import { chooseStrategy } from "../../src/planning/choose-strategy.ts";
import type { ProviderProfile } from "../../src/planning/provider-profile.ts";
import type { Execution, Sender, SetOptions } from "../../src/sending/client.ts";
import type { ClientEvent } from "../../src/sending/events.ts";
import type { SentSet } from "../../src/sending/send-requests.ts";
import { SiteragError } from "../../src/words/errors.ts";
import type { Plan, PlanItem, Usage } from "../../src/words/plans.ts";
import type { Clock, Result } from "../../src/words/types.ts";
import { BATCHING } from "../planning/plan-items.ts";

/** One text of a set. */
interface SentText {
  readonly text: string;
  readonly tag?: string;
}

/** A client with a service behind it, as far as the suite must look at it. */
export interface SenderHarness<Input, Output> {
  readonly client: Sender<Input, Output>;
  /** Virtual; a job takes less than an hour of it. */
  readonly clock: Clock;
  /** Calls that may be under way at once. */
  readonly callsAtOnce: number;
  /** When the tokens of a job are counted: as it is created, or as its rows are read. */
  readonly countedWhen: "created" | "read";
  readonly inputOf: (text: string) => Input;
  /** Different for answers to different texts, and the same for answers to the same one. */
  readonly shown: (output: Output) => string;
  /** Has the client plan and send a set of requests. */
  readonly send: (texts: readonly SentText[], options?: SetOptions) => Promise<SentSet<Output>>;
  /** What the service has seen so far, each try of a call counted. */
  readonly seen: () => {
    readonly calls: number;
    readonly jobs: number;
    readonly texts: readonly string[];
  };
  /** What the service has charged so far. */
  readonly billed: () => Pick<Usage, "inputTokens" | "outputTokens" | "costUsd">;
}

/** What a service of either kind can do wrong to every call, job or row with a given text. */
export type SenderFault =
  | "rate-limited"
  | "unavailable"
  | "row-missing"
  | "job-refused"
  | "job-failed"
  | "job-expired"
  | "job-cancelled"
  | "job-endless";

/** A client whose service takes its time, and can fail. */
export interface FailingHarness<Input, Output> extends SenderHarness<Input, Output> {
  readonly mostCallsAtOnce: () => number;
  /** From now on every call, job or row with a text that holds `text` meets the fault, and every repetition. */
  readonly addFault: (name: SenderFault, text: string) => void;
}

/** Makes a client that plans and runs by the given settings; called once a test. */
export type MakeSender<Harness> = (batching: BatchingOptions) => Promise<Harness>;

export const HOUR_MS = 3_600_000;

/** None is a part of another one. */
export const textsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `text ${at}.`);

/** Requests for these texts, each with a tag of its own. */
export const tagged = (texts: readonly string[]) =>
  texts.map((text, at) => ({ text, tag: `tag ${at}` }));

export const diskFull = () => Promise.reject(new Error("disk full"));

/** Items whose fingerprints are their texts. */
const itemsOf = (count: number): PlanItem[] =>
  textsOf(count).map((text) => ({
    fingerprint: text,
    tokens: estimateTokens(text),
    bytes: Buffer.byteLength(text),
    page: "page.md",
  }));

/** Makes a harness, and the plan of so many texts by its settings. */
export async function planned<
  Harness extends { readonly client: { readonly profile: ProviderProfile } },
>(
  makeHarness: MakeSender<Harness>,
  texts: number,
  settings: Partial<BatchingOptions> = {},
): Promise<{ readonly harness: Harness; readonly plan: Plan }> {
  const batching = { ...BATCHING, ...settings };
  const harness = await makeHarness(batching);
  const { profile } = harness.client;
  return { harness, plan: chooseStrategy(itemsOf(texts), batching, { profile }) };
}

/** Texts by the road that a plan has for them. */
export const textsIn = (packs: readonly (readonly PlanItem[])[]): string[] =>
  packs.flat().map(({ fingerprint }) => fingerprint);

/** The results and events of a plan. */
interface CarriedOut<Output> {
  /** Texts, in the order in which the client asked for them. */
  readonly asked: readonly string[];
  /** Sets of texts, in the order in which they were settled. */
  readonly settled: readonly (readonly string[])[];
  readonly results: ReadonlyMap<string, Result<Output>>;
  /** What the listeners of the client were told. */
  readonly events: readonly ClientEvent[];
  /** The events of this execution alone. */
  readonly ownEvents: readonly ClientEvent[];
  /** Null: it threw. */
  readonly usage: Usage | null;
  readonly error: unknown;
}

/** Carries out a plan over the texts of its items, to its end or until it throws. */
export async function carryOut<Input, Output>(
  { client, inputOf }: Pick<SenderHarness<Input, Output>, "client" | "inputOf">,
  plan: Plan,
  { inputsOf, settle, ...more }: Partial<Execution<Input, Output>> = {},
): Promise<CarriedOut<Output>> {
  const asked: string[] = [];
  const settled: string[][] = [];
  const results = new Map<string, Result<Output>>();
  const events: ClientEvent[] = [];
  const ownEvents: ClientEvent[] = [];
  const leave = client.events?.listen((event) => events.push(event));
  const ending = client.execute(plan, {
    ...more,
    onEvent: (event) => ownEvents.push(event),
    inputsOf: async (items) => {
      asked.push(...textsIn([items]));
      return inputsOf === undefined ? textsIn([items]).map(inputOf) : inputsOf(items);
    },
    settle: async (some) => {
      settled.push(some.map(({ item }) => item.fingerprint));
      for (const { item, result } of some) results.set(item.fingerprint, result);
      await settle?.(some);
    },
  });
  const end = await ending.then(
    (usage) => ({ usage, error: null }),
    (error: unknown) => ({ usage: null, error }),
  );
  leave?.();
  return { asked, settled, results, events, ownEvents, ...end };
}

/** The end of a set, as it was told; there is one. */
export function endOf(
  events: readonly ClientEvent[],
): Extract<ClientEvent, { readonly type: "batch_generated" }> {
  const ends = events.filter((event) => event.type === "batch_generated");
  const [end] = ends;
  if (end === undefined || ends.length > 1) throw new TypeError(`${ends.length} ends were told.`);
  return end;
}

/** `individual`, `batch`, `pending`, or the code of a failure. */
export const outcomeOf = (result: Result<unknown> | undefined): string => {
  if (result === undefined) return "none";
  if (result.status === "ok") return result.route;
  if (result.status === "pending") return "pending";
  return result.error instanceof SiteragError ? result.error.code : result.error.message;
};

/** The outcome of each text. */
export const outcomes = (results: ReadonlyMap<string, Result<unknown>>): Record<string, string> =>
  Object.fromEntries([...results].map(([text, result]) => [text, outcomeOf(result)]));

/** One outcome for all of some texts. */
export const allOf = (texts: readonly string[], outcome: string): Record<string, string> =>
  Object.fromEntries(texts.map((text) => [text, outcome]));

/** What a result shows; of one that is not there, its outcome. */
export const shownIn = <Input, Output>(
  { shown }: Pick<SenderHarness<Input, Output>, "shown">,
  result: Result<Output> | undefined,
): string => (result?.status === "ok" ? shown(result) : outcomeOf(result));
