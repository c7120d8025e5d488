import type { Metrics, PoolUse } from "../words/metrics.ts";
import { rounded, sumOfCosts } from "../planning/prices.ts";
import type { GenerationUsage, Usage } from "../words/plans.ts";
import type { ClientEvent } from "../sending/events.ts";

/** Adds up the events of a client, or of one run. */
export class MetricsTally {
  #sums = {
    requests: 0,
    cacheHits: 0,
    individualCalls: 0,
    jobs: 0,
    retries: 0,
    texts: 0,
    tokens: 0,
    errors: 0,
    poolExhausted: 0,
  };
  #written = { inputTokens: 0, outputTokens: 0 };
  #costUsd: number | null = 0;
  #aboveBatchUsd: number | null = 0;
  #secondsSaved = 0;
  #answered = 0;
  #jobsServed = 0;
  #latencyMs = 0;
  #textsInCalls = 0;
  #pool = { busyMs: 0, availableMs: 0, longestQueue: 0 };

  /** To be given to whoever tells of events. */
  readonly add = (event: ClientEvent): void => {
    if (event.type === "batch_generated") this.#addSet(event);
    else if (event.type === "job_collected") this.#addTokens(event);
    else if (event.type === "success") {
      this.#answered += 1;
      this.#latencyMs += event.latencyMs;
      this.#textsInCalls += event.texts;
    } else if (event.type === "failure") this.#sums.errors += 1;
    else if (event.type === "pool_exhausted") this.#sums.poolExhausted += 1;
    else if (event.type === "job_state" && event.state === "SUCCEEDED") this.#jobsServed += 1;
  };

  /** What was sent so far, as far as it says something of texts that a model writes. */
  get usage(): GenerationUsage {
    const { individualCalls: calls, jobs, retries } = this.#sums;
    return { calls, jobs, retries, ...this.#written, costUsd: this.#costUsd };
  }

  /** The sums so far. */
  get metrics(): Metrics {
    const { requests, cacheHits, errors } = this.#sums;
    const { availableMs, busyMs } = this.#pool;
    return {
      ...this.#sums,
      costUsd: this.#costUsd,
      cacheHitRate: share(cacheHits, requests),
      extraCostVsBatchUsd: this.#aboveBatchUsd,
      secondsSavedAgainstAlwaysBatch: rounded(this.#secondsSaved),
      averageLatencyMs: this.#answered === 0 ? null : this.#latencyMs / this.#answered,
      textsPerCall: share(this.#textsInCalls, this.#answered),
      errorRate: share(errors, errors + this.#answered + this.#jobsServed),
      poolUtilisation: availableMs === 0 ? null : busyMs / availableMs,
      longestQueue: this.#pool.longestQueue,
    };
  }

  #addSet(event: Extract<ClientEvent, { readonly type: "batch_generated" }>): void {
    const { alwaysBatch, costUsd, durationMs, pool, served, texts, total } = event;
    const before = this.#sums;
    this.#sums = {
      ...before,
      requests: before.requests + total,
      cacheHits: before.cacheHits + event.cacheHits,
      individualCalls: before.individualCalls + event.calls,
      jobs: before.jobs + event.jobs,
      retries: before.retries + event.retries,
      texts: before.texts + texts,
    };
    this.#addTokens(event);
    if (pool !== null) this.#addPool(pool);
    if (alwaysBatch === null || texts === 0) return;
    const above =
      costUsd === null || alwaysBatch.costUsd === null ? null : costUsd - alwaysBatch.costUsd;
    this.#aboveBatchUsd = sumOfCosts(this.#aboveBatchUsd, above);
    // A set that is not complete has saved no time.
    const isWhole = served + event.cacheHits === total;
    if (isWhole) this.#secondsSaved += alwaysBatch.seconds - durationMs / 1000;
  }

  #addTokens({
    tokens,
    inputTokens,
    outputTokens,
    costUsd,
  }: Pick<Usage, "tokens" | "inputTokens" | "outputTokens" | "costUsd">): void {
    this.#sums.tokens += tokens;
    this.#written = {
      inputTokens: this.#written.inputTokens + inputTokens,
      outputTokens: this.#written.outputTokens + outputTokens,
    };
    this.#costUsd = sumOfCosts(this.#costUsd, costUsd);
  }

  #addPool({ busyMs, availableMs, longestQueue }: PoolUse): void {
    const before = this.#pool;
    this.#pool = {
      busyMs: before.busyMs + busyMs,
      availableMs: before.availableMs + availableMs,
      longestQueue: Math.max(before.longestQueue, longestQueue),
    };
  }
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
