import type { Order } from "./embed-request.ts";

/** Every attempt, counted when it arrives. */
export interface Seen {
  readonly calls: number;
  readonly jobs: number;
  readonly texts: readonly string[];
  readonly mostCallsAtOnce: number;
}

/** Work that was done, whether its answer arrived or not. */
export interface Billed {
  readonly calls: number;
  readonly jobs: number;
  readonly texts: number;
  readonly tokens: number;
  readonly costUsd: number;
  /** Texts billed more than once: same model, dimensions, task type and text. */
  readonly duplicates: number;
}

/** Counts what the emulator received and billed. */
export class Counters {
  #calls = 0;
  #callsUnderWay = 0;
  #mostCallsAtOnce = 0;
  #jobs = 0;
  readonly #texts: string[] = [];
  readonly #known = new Set<string>();
  #billed: Billed = { calls: 0, jobs: 0, texts: 0, tokens: 0, costUsd: 0, duplicates: 0 };

  get seen(): Seen {
    return {
      calls: this.#calls,
      jobs: this.#jobs,
      texts: [...this.#texts],
      mostCallsAtOnce: this.#mostCallsAtOnce,
    };
  }

  get billed(): Billed {
    return this.#billed;
  }

  /** Counts a call while it is in progress. */
  async countCall<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#calls += 1;
    this.#callsUnderWay += 1;
    this.#mostCallsAtOnce = Math.max(this.#mostCallsAtOnce, this.#callsUnderWay);
    try {
      return await work();
    } finally {
      this.#callsUnderWay -= 1;
    }
  }

  countJob(): void {
    this.#jobs += 1;
  }

  seeTexts(texts: readonly string[]): void {
    this.#texts.push(...texts);
  }

  bill(kind: "calls" | "jobs", orders: readonly Order[]): void {
    const { [kind]: count, costUsd, duplicates, texts, tokens } = this.#billed;
    const price = { calls: "online", jobs: "batch" } as const;
    this.#billed = {
      ...this.#billed,
      [kind]: count + 1,
      texts: texts + orders.length,
      tokens: tokens + orders.reduce((sum, order) => sum + order.tokens, 0),
      costUsd:
        costUsd +
        orders.reduce((sum, order) => sum + order.tokens * order.model.prices[price[kind]], 0) /
          1e6,
      duplicates: duplicates + orders.filter((order) => this.#isKnown(order)).length,
    };
  }

  /** Whether the same work was billed before; remembers it. */
  #isKnown({ dimensions, model, taskType, text }: Order): boolean {
    const work = JSON.stringify([model.name, dimensions, taskType, text]);
    const isKnown = this.#known.has(work);
    this.#known.add(work);
    return isKnown;
  }
}
