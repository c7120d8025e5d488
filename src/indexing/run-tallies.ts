import type { Listener } from "../sending/events.ts";
import { MetricsTally } from "../sending/metrics-tally.ts";
import type { Enrichment } from "../words/plans.ts";
import type { LastRun } from "../words/reports.ts";

/** What a run has sent and paid so far. Passes the events on. */
export class RunTallies {
  readonly #onEvent: Listener;
  readonly #all = new MetricsTally();
  readonly #writing = new MetricsTally();
  #sentences = 0;
  #isWriting = false;

  constructor(onEvent: Listener) {
    this.#onEvent = onEvent;
  }

  expectSentences(): void {
    this.#isWriting = true;
  }

  readonly onVectorEvent: Listener = (event) => {
    this.#all.add(event);
    this.#onEvent(event);
  };

  readonly onSentenceEvent: Listener = (event) => {
    this.onVectorEvent(event);
    this.#writing.add(event);
  };

  readonly onSentences = (sentences: readonly string[]): void => {
    this.#sentences += sentences.filter((sentence) => sentence !== "").length;
  };

  get sums(): Pick<LastRun, "metrics" | "enrichment"> {
    return { metrics: this.#all.metrics, enrichment: this.#enrichment };
  }

  get #enrichment(): Enrichment | null {
    if (!this.#isWriting) return null;
    const { extraCostVsBatchUsd, secondsSavedAgainstAlwaysBatch } = this.#writing.metrics;
    return {
      sentences: this.#sentences,
      ...this.#writing.usage,
      extraCostVsBatchUsd,
      secondsSavedAgainstAlwaysBatch,
    };
  }
}
