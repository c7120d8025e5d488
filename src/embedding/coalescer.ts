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
  /** How long a set waits for more texts, in milliseconds. */
  readonly windowMs: number;
  /** Texts of a set, at most. */
  readonly maxTexts: number;
}

interface CoalescerOptions extends CoalesceOptions {
  readonly clock: Clock;
  readonly events: EventSource;
  /** Whether a text that is alone does not wait for the window. */
  readonly isInteractive: boolean;
  /** Sends a set and tells each outcome. `signal`: nobody waits any more. */
  readonly send: (
    requests: readonly EmbeddingRequest[],
    bounds: { readonly signal: AbortSignal },
    onSettled: OnSettled<Embedded>,
  ) => Promise<unknown>;
}

/** A text on its way, which equal ones share. */
interface Text {
  readonly fingerprint: Fingerprint;
  readonly request: EmbeddingRequest;
  readonly set: TextSet;
  readonly outcome: PromiseWithResolvers<EmbeddingResult>;
  /** Callers that wait for it. How long is their own affair: later ones may be more patient. */
  waiting: number;
}

/** Texts that are sent together. */
interface TextSet {
  readonly texts: Set<Text>;
  /** Those announced when it was opened, as far as they have not come yet. */
  readonly awaited: Set<symbol>;
  readonly allHere: PromiseWithResolvers<void>;
  /** Ends the waiting for more texts. */
  readonly closed: AbortController;
  /** Ends the sending. */
  readonly abandoned: AbortController;
}

/**
 * Longest that a set waits for those announced: they are reading the store, which takes
 * milliseconds. Half of what a reader waits for an answer, so that the service has the other half.
 */
const LONGEST_WAIT_MS = 5000;

/**
 * Makes one set of requests that come one by one. A set is sent when it is full, or when its window
 * is over and those that were announced before it was opened have come. Later announcements do not
 * hold it up: under steady traffic there is always another one.
 */
export class Coalescer {
  readonly #options: CoalescerOptions;
  readonly #expected = new Set<symbol>();
  /** Texts without an outcome, in a set that is open or under way. */
  readonly #texts = new Map<Fingerprint, Text>();
  readonly #underWay = new Set<Promise<void>>();
  #open: TextSet | null = null;

  constructor(options: CoalescerOptions) {
    this.#options = options;
  }

  /** Texts that wait to be sent. */
  get pendingSize(): number {
    return this.#open?.texts.size ?? 0;
  }

  /** Says that a request is going to come. To be taken back when it has come, or will not. */
  expectQuery(): () => void {
    const name = Symbol("announced request");
    this.#expected.add(name);
    return () => {
      this.#expected.delete(name);
      this.#open?.awaited.delete(name);
      if (this.#open?.awaited.size === 0) this.#open.allHere.resolve();
    };
  }

  /** The outcome of a text. Who gives up does so alone: the set goes on for the others. */
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

  /** Sends what waits, and resolves when nothing is under way any more. */
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
    // Rejects when the set is closed before.
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
    const left = await this.#options
      .send(requests, { signal: abandoned.signal }, settle)
      .then(notSent, (cause: unknown) => ({ status: "failed", error: toError(cause) }) as const);
    for (const fingerprint of named.keys()) settle(fingerprint, left);
  }

  /** The first outcome of a text counts. */
  #settle(text: Text | undefined, result: EmbeddingResult): void {
    if (text === undefined) return;
    if (this.#isOpen(text)) this.#texts.delete(text.fingerprint);
    text.outcome.resolve(result);
  }

  /** Nobody waits for this text any more. */
  #leave(text: Text): void {
    if (!this.#isOpen(text)) return;
    const { closed, texts, abandoned } = text.set;
    if (text.set === this.#open) {
      texts.delete(text);
      this.#settle(text, notSent());
      if (texts.size > 0) return;
      this.#open = null;
      closed.abort();
      return;
    }
    const left = [...texts].filter((other) => this.#isOpen(other));
    if (left.some(({ waiting }) => waiting > 0)) return;
    abandoned.abort(new NobodyWaits());
    for (const other of left) this.#settle(other, notSent());
  }

  #isOpen(text: Text): boolean {
    return this.#texts.get(text.fingerprint) === text;
  }
}

/** After all that is ready to run: what is asked for in one go comes together. */
const nextTick = (): Promise<void> =>
  Promise.resolve().then(() => new Promise((resolve) => process.nextTick(resolve)));
