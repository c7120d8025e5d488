import { untilAborted } from "../words/until-aborted.ts";

/** Lets one at a time do something, in the order of asking. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** A turn that has not begun. */
  next(): Turn {
    return new Turn((over) => {
      const before = this.#last;
      this.#last = before.then(() => over);
      return before;
    });
  }
}

/** Something that only one does at a time; it may be interrupted and begun again. */
export class Turn {
  readonly #queue: (over: Promise<void>) => Promise<unknown>;
  #end: (() => void) | null = null;

  constructor(queue: (over: Promise<void>) => Promise<unknown>) {
    this.#queue = queue;
  }

  /** Resolves when nobody else is at it. Throws the signal's reason if it aborts before. */
  async begin(signal?: AbortSignal): Promise<void> {
    if (this.#end !== null) return;
    const over = Promise.withResolvers<void>();
    this.#end = over.resolve;
    try {
      await untilAborted(this.#queue(over.promise), signal);
    } catch (cause) {
      this.end();
      throw cause;
    }
  }

  /** Lets the next one begin. Does nothing when there is no turn under way. */
  end(): void {
    this.#end?.();
    this.#end = null;
  }
}
