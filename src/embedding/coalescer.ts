import { toError } from "../words/errors.ts";
import type {
  Clock,
  Embedded,
  EmbeddingRequest,
  EmbeddingResult,
  Fingerprint,
} from "../words/types.ts";
import type { OnSettled } from "../sending/send-requests.ts";
import type { EventSource, FlushCause } from "../sending/events.ts";
import { NobodyWaits, notSent, withPatience, type Patience } from "../sending/unfinished.ts";

/** The block of the configuration. */
export interface CoalesceOptions {
  /** How long a set waits for more texts. */
  readonly windowMs: number;
  /** Most texts in a set. */
  readonly maxTexts: number;
}

interface CoalescerOptions extends CoalesceOptions {
  readonly clock: Clock;
  readonly events: EventSource;
  /** Whether to send a lone text without waiting for the window. */
  readonly isInteractive: boolean;
  /** Sends a set and reports each outcome. `signal` aborts when nobody waits any more. */
  readonly send: (
    requests: readonly EmbeddingRequest[],
    bounds: { readonly signal: AbortSignal },
    onSettled: OnSettled<Embedded>,
  ) => Promise<unknown>;
}

/** A text without an outcome yet; equal requests share it. */
interface Text {
  readonly fingerprint: Fingerprint;
  readonly request: EmbeddingRequest;
  readonly set: TextSet;
  readonly outcome: PromiseWithResolvers<EmbeddingResult>;
  /** Callers that still wait for it. */
  waiting: number;
}

/** Texts that are sent together. */
interface TextSet {
  readonly texts: Set<Text>;
  /** Queries that were announced before the set opened and have not come yet. */
  readonly awaited: Set<symbol>;
  readonly allHere: PromiseWithResolvers<void>;
  /** Stops the wait for more texts. */
  readonly closed: AbortController;
  /** Stops the sending. */
  readonly abandoned: AbortController;
}

/**
 * Longest wait for announced queries, which only read the store first: milliseconds. Half of the time that
 * a reader waits for an answer; the service has the other half.
 */
const LONGEST_WAIT_MS = 5000;

/**
 * Groups requests that come one by one into sets. Sends a set when it is full, or when its window is over
 * and the queries announced before it opened have come. Ignores later announcements: under steady traffic
 * there is always another one.
 */
export class Coalescer {
  readonly #options: CoalescerOptions;
  readonly #expected = new Set<symbol>();
  /** Texts in open and sent sets. */
  readonly #texts = new Map<Fingerprint, Text>();
  readonly #underWay = new Set<Promise<void>>();
  #open: TextSet | null = null;

  constructor(options: CoalescerOptions) {
    this.#options = options;
  }

  /** Texts not sent yet. */
  get pendingSize(): number {
    return this.#open?.texts.size ?? 0;
  }

  /** Announces a request. Call the returned function when it has come or will not come. */
  expectQuery(): () => void {
    const name = Symbol("announced request");
    this.#expected.add(name);
    return () => {
      this.#expected.delete(name);
      this.#open?.awaited.delete(name);
      if (this.#open?.awaited.size === 0) this.#open.allHere.resolve();
    };
  }

  /** Resolves to the outcome of a text. A caller that gives up does not stop the others. */
  async add(
    fingerprint: Fingerprint,
    request: EmbeddingRequest,
    patience: Patience,
  ): Promise<EmbeddingResult> {
    if (patience.signal?.aborted === true) return notSent();
    const { clock } = this.#options;
    const text = this.#texts.get(fingerprint) ?? this.#enqueue(fingerprint, request);
    text.waiting += 1;
    if (text.set.texts.size >= this.#options.maxTexts) this.#send(text.set, "size");
    try {
      return await withPatience(text.outcome.promise, patience, clock);
    } finally {
      text.waiting -= 1;
      if (text.waiting === 0) this.#leave(text);
    }
  }

  /** Sends the waiting texts and resolves when every set is done. */
  async flush(cause: "flush" | "close" = "flush"): Promise<void> {
    if (this.#open !== null) this.#send(this.#open, cause);
    await Promise.all(this.#underWay);
  }

  #enqueue(fingerprint: Fingerprint, request: EmbeddingRequest): Text {
    const set = this.#open ?? this.#openSet();
    const outcome = Promise.withResolvers<EmbeddingResult>();
    const text = { fingerprint, request, set, outcome, waiting: 0 };
    set.texts.add(text);
    this.#texts.set(fingerprint, text);
    return text;
  }

  #openSet(): TextSet {
    const set: TextSet = {
      texts: new Set(),
      awaited: new Set(this.#expected),
      allHere: Promise.withResolvers(),
      closed: new AbortController(),
      abandoned: new AbortController(),
    };
    this.#open = set;
    // Rejects when the set closes first.
    this.#waitForMore(set).then(
      (cause) => this.#send(set, cause),
      () => undefined,
    );
    return set;
  }

  async #waitForMore(set: TextSet): Promise<"tick" | "window"> {
    const { clock, isInteractive, windowMs } = this.#options;
    const { signal } = set.closed;
    if (isInteractive) {
      await nextTick();
      signal.throwIfAborted();
      if (set.texts.size === 1 && set.awaited.size === 0) return "tick";
    }
    await clock.sleep(windowMs, signal);
    if (set.awaited.size > 0) {
      await Promise.race([set.allHere.promise, clock.sleep(LONGEST_WAIT_MS, signal)]);
    }
    return "window";
  }

  #send(set: TextSet, cause: FlushCause): void {
    if (this.#open !== set) return;
    this.#open = null;
    set.closed.abort();
    this.#options.events.emit({ type: "flush", cause, texts: set.texts.size });
    const carryingOut = this.#carryOut(set);
    this.#underWay.add(carryingOut);
    void carryingOut.then(() => this.#underWay.delete(carryingOut));
  }

  async #carryOut({ texts, abandoned }: TextSet): Promise<void> {
    const named = new Map([...texts].map((text) => [text.fingerprint, text]));
    const requests = [...texts].map(({ request }) => request);
    const settle: OnSettled<Embedded> = (fingerprint, result) =>
      this.#settle(named.get(fingerprint), result);
    const fallback = await this.#options
      .send(requests, { signal: abandoned.signal }, settle)
      .then(notSent, (cause: unknown) => ({ status: "failed", error: toError(cause) }) as const);
    for (const fingerprint of named.keys()) settle(fingerprint, fallback);
  }

  /** Keeps the first outcome of a text. */
  #settle(text: Text | undefined, result: EmbeddingResult): void {
    if (text === undefined) return;
    if (this.#isUnsettled(text)) this.#texts.delete(text.fingerprint);
    text.outcome.resolve(result);
  }

  /** Nobody waits for this text any more. */
  #leave(text: Text): void {
    if (!this.#isUnsettled(text)) return;
    const { closed, texts, abandoned } = text.set;
    if (text.set === this.#open) {
      texts.delete(text);
      this.#settle(text, notSent());
      if (texts.size > 0) return;
      this.#open = null;
      closed.abort();
      return;
    }
    const unsettled = [...texts].filter((other) => this.#isUnsettled(other));
    if (unsettled.some(({ waiting }) => waiting > 0)) return;
    abandoned.abort(new NobodyWaits());
    for (const other of unsettled) this.#settle(other, notSent());
  }

  #isUnsettled(text: Text): boolean {
    return this.#texts.get(text.fingerprint) === text;
  }
}

/** Resolves after everything that is ready to run, so that one burst of requests makes one set. */
const nextTick = (): Promise<void> =>
  Promise.resolve().then(() => new Promise((resolve) => process.nextTick(resolve)));
