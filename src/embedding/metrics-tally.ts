import type { Metrics, PoolUse } from "../words/metrics.ts";
import { rounded } from "../planning/estimate.ts";
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
    costUsd: 0,
    errors: 0,
    poolExhausted: 0,
  };
  #aboveBatchUsd = 0;
  #secondsSaved = 0;
  #answered = 0;
  #jobsServed = 0;
  #latencyMs = 0;
  #textsInCalls = 0;
  #pool = { busyMs: 0, availableMs: 0, longestQueue: 0 };

  /** To be given to whoever tells of events. */
  readonly add = (event: ClientEvent): void => {
    if (event.type === "batch_generated") this.#addSet(event);
    else if (event.type === "success") {
      this.#answered += 1;
      this.#latencyMs += event.latencyMs;
      this.#textsInCalls += event.texts;
    } else if (event.type === "failure") {
      this.#sums.errors += 1;
      if (event.code === "POOL_EXHAUSTED") this.#sums.poolExhausted += 1;
    } else if (event.type === "job_state" && event.state === "SUCCEEDED") this.#jobsServed += 1;
  };

  /** What has come together so far. */
  get metrics(): Metrics {
    const { requests, cacheHits, errors } = this.#sums;
    const { availableMs, busyMs } = this.#pool;
    return {
      ...this.#sums,
      costUsd: rounded(this.#sums.costUsd),
      cacheHitRate: share(cacheHits, requests),
      costAboveAlwaysBatchUsd: rounded(this.#aboveBatchUsd),
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
      requests: before.requests + event.total,
      cacheHits: before.cacheHits + event.cacheHits,
      individualCalls: before.individualCalls + event.calls,
      jobs: before.jobs + event.jobs,
      retries: before.retries + event.retries,
      texts: before.texts + texts,
      tokens: before.tokens + event.tokens,
      costUsd: before.costUsd + costUsd,
    };
    if (pool !== null) this.#addPool(pool);
    if (alwaysBatch === null || texts === 0) return;
    this.#aboveBatchUsd += costUsd - alwaysBatch.costUsd;
    // Who has not got all has saved no time.
    const isWhole = served + event.cacheHits === total;
    if (isWhole) this.#secondsSaved += alwaysBatch.seconds - durationMs / 1000;
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
