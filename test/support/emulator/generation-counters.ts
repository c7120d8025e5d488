/** Every attempt to generate, counted when it arrives. */
export interface GenerationSeen {
  readonly calls: number;
  readonly jobs: number;
  /** Prompts of calls and of rows, without system instructions. */
  readonly prompts: readonly string[];
  readonly mostCallsAtOnce: number;
}

/** Generation that was done, whether its answer arrived or not. */
export interface GenerationBilled {
  readonly calls: number;
  readonly jobs: number;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  /** Requests billed more than once: same model, instruction and prompt. */
  readonly duplicates: number;
}

/** US dollars per million tokens of the generating model; a job costs half. */
export const WRITING_PRICES = { usdPerMillionInputTokens: 0.3, usdPerMillionOutputTokens: 2.5 };

/** The tokens of one answer. */
export interface GenerationBill {
  /** Model, instruction and prompt: identifies work that must not be paid for twice. */
  readonly work: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Counts the generation that the emulator received and billed; embedding has its own counters. */
export class GenerationCounters {
  #calls = 0;
  #callsUnderWay = 0;
  #mostCallsAtOnce = 0;
  #jobs = 0;
  readonly #prompts: string[] = [];
  readonly #known = new Set<string>();
  #billed: GenerationBilled = {
    calls: 0,
    jobs: 0,
    requests: 0,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    duplicates: 0,
  };

  get seen(): GenerationSeen {
    return {
      calls: this.#calls,
      jobs: this.#jobs,
      prompts: [...this.#prompts],
      mostCallsAtOnce: this.#mostCallsAtOnce,
    };
  }

  get billed(): GenerationBilled {
    return this.#billed;
  }

  /** Counts a call while it is in progress. */
  async countCall<Value>(prompt: string, work: () => Promise<Value>): Promise<Value> {
    this.#calls += 1;
    this.#prompts.push(prompt);
    this.#callsUnderWay += 1;
    this.#mostCallsAtOnce = Math.max(this.#mostCallsAtOnce, this.#callsUnderWay);
    try {
      return await work();
    } finally {
      this.#callsUnderWay -= 1;
    }
  }

  countJob(prompts: readonly string[]): void {
    this.#jobs += 1;
    this.#prompts.push(...prompts);
  }

  bill(kind: "calls" | "jobs", bills: readonly GenerationBill[]): void {
    const { [kind]: count, ...before } = this.#billed;
    const sum = (read: (bill: GenerationBill) => number) =>
      bills.reduce((total, bill) => total + read(bill), 0);
    const inputTokens = sum((bill) => bill.inputTokens);
    const outputTokens = sum((bill) => bill.outputTokens);
    this.#billed = {
      ...this.#billed,
      [kind]: count + 1,
      requests: before.requests + bills.length,
      inputTokens: before.inputTokens + inputTokens,
      outputTokens: before.outputTokens + outputTokens,
      costUsd: before.costUsd + priceOf(kind, inputTokens, outputTokens),
      duplicates: before.duplicates + sum((bill) => Number(this.#isKnown(bill))),
    };
  }

  /** Whether the same work was billed before; remembers it. */
  #isKnown({ work }: GenerationBill): boolean {
    const isKnown = this.#known.has(work);
    this.#known.add(work);
    return isKnown;
  }
}

function priceOf(kind: "calls" | "jobs", inputTokens: number, outputTokens: number): number {
  const { usdPerMillionInputTokens: reading, usdPerMillionOutputTokens: writing } = WRITING_PRICES;
  return ((inputTokens * reading + outputTokens * writing) * (kind === "jobs" ? 0.5 : 1)) / 1e6;
}
