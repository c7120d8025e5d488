import { rounded, sumOfCosts } from "../planning/prices.ts";
import type { Metrics } from "../words/metrics.ts";
import type { GenerationUsage } from "../words/plans.ts";
import type { Charged, ClientEvent } from "./events.ts";

/** Adds up the events of a client, or of one run. */
export class MetricsTally {
  readonly #sums = {
    requests: 0,
    cacheHits: 0,
    individualCalls: 0,
    jobs: 0,
    retries: 0,
    texts: 0,
    tokens: 0,
    errors: 0,
    poolExhausted: 0,
    longestQueue: 0,
  };
  #inputTokens = 0;
  #outputTokens = 0;
  #costUsd: number | null = 0;
  #aboveBatchUsd: number | null = 0;
  #secondsSaved = 0;
  #callsAnswered = 0;
  #textsInCalls = 0;
  #latencyMs = 0;
  #jobsServed = 0;
  #busyMs = 0;
  #availableMs = 0;

  /** To be called with every event. */
  readonly add = (event: ClientEvent): void => {
    if (event.type === "batch_generated") this.#addSet(event);
    else if (event.type === "job_collected") this.#addCharged(event);
    else if (event.type === "success") {
      this.#callsAnswered += 1;
      this.#latencyMs += event.latencyMs;
      this.#textsInCalls += event.texts;
    } else if (event.type === "failure") this.#sums.errors += 1;
    else if (event.type === "pool_exhausted") this.#sums.poolExhausted += 1;
    else if (event.type === "job_state" && event.state === "SUCCEEDED") this.#jobsServed += 1;
  };

  /** What was sent so far for texts that a model writes. */
  get usage(): GenerationUsage {
    const { individualCalls: calls, jobs, retries } = this.#sums;
    const [inputTokens, outputTokens] = [this.#inputTokens, this.#outputTokens];
    return { calls, jobs, retries, inputTokens, outputTokens, costUsd: this.#costUsd };
  }

  get metrics(): Metrics {
    const { requests, cacheHits, errors } = this.#sums;
    const answered = this.#callsAnswered;
    return {
      ...this.#sums,
      costUsd: this.#costUsd,
      cacheHitRate: share(cacheHits, requests) ?? 0,
      extraCostVsBatchUsd: this.#aboveBatchUsd,
      secondsSavedAgainstAlwaysBatch: rounded(this.#secondsSaved),
      averageLatencyMs: share(this.#latencyMs, answered),
      textsPerCall: share(this.#textsInCalls, answered) ?? 0,
      errorRate: share(errors, errors + answered + this.#jobsServed) ?? 0,
      poolUtilisation: share(this.#busyMs, this.#availableMs),
    };
  }

  #addSet(event: Extract<ClientEvent, { readonly type: "batch_generated" }>): void {
    const { alwaysBatch, cacheHits, costUsd, durationMs, pool, served, texts, total } = event;
    const sums = this.#sums;
    sums.requests += total;
    sums.cacheHits += cacheHits;
    sums.individualCalls += event.calls;
    sums.jobs += event.jobs;
    sums.retries += event.retries;
    sums.texts += texts;
    this.#addCharged(event);
    if (pool !== null) {
      this.#busyMs += pool.busyMs;
      this.#availableMs += pool.availableMs;
      sums.longestQueue = Math.max(sums.longestQueue, pool.longestQueue);
    }
    if (alwaysBatch === null || texts === 0) return;
    const asJobs = alwaysBatch.costUsd;
    const above = costUsd === null || asJobs === null ? null : costUsd - asJobs;
    this.#aboveBatchUsd = sumOfCosts(this.#aboveBatchUsd, above);
    // An incomplete set has not shown how long it takes.
    const isComplete = served + cacheHits === total;
    if (isComplete) this.#secondsSaved += alwaysBatch.seconds - durationMs / 1000;
  }

  #addCharged({ tokens, inputTokens, outputTokens, costUsd }: Charged): void {
    this.#sums.tokens += tokens;
    this.#inputTokens += inputTokens;
    this.#outputTokens += outputTokens;
    this.#costUsd = sumOfCosts(this.#costUsd, costUsd);
  }
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
