/** Every try to have something written, as it arrived. */
export interface GenerationSeen {
  readonly calls: number;
  readonly jobs: number;
  /** Of calls and rows alike, without their system instructions. */
  readonly prompts: readonly string[];
  readonly mostCallsAtOnce: number;
}

/** Writing that was done, whether or not its answer arrived. */
export interface GenerationBilled {
  readonly calls: number;
  readonly jobs: number;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  /** Requests billed again: same model, instruction and prompt. */
  readonly duplicates: number;
}

/** US dollars per million tokens of every model that writes here; a job costs half. */
export const WRITING_PRICES = { usdPerMillionInputTokens: 0.3, usdPerMillionOutputTokens: 2.5 };

/** What one answer takes. */
export interface GenerationBill {
  /** Model, instruction and prompt: what must not be paid for twice. */
  readonly work: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What the emulator has seen and billed of generation; embedding has counters of its own. */
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

  /** Counts a call for as long as it is under way. */
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

  /** Whether the same work was billed before; from now on it was. */
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
