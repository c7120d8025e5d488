/** A use case whose module is imported when it is called. */
const late =
  <Given extends unknown[], Value>(load: () => Promise<(...given: Given) => Promise<Value>>) =>
  async (...given: Given): Promise<Value> =>
    (await load())(...given);

/** The use cases that commands call. `status` loads no parser, and `--help` no database. */
export const USE_CASES = {
  indexSite: late(async () => (await import("../indexing/index-site.ts")).indexSite),
  planSite: late(async () => (await import("../indexing/plan-site.ts")).planSite),
  search: late(async () => (await import("../searching/search.ts")).search),
  searchAll: late(async () => (await import("../searching/search.ts")).searchAll),
  searchPublished: late(
    async () => (await import("../searching/search-published.ts")).searchPublished,
  ),
  checkPublished: late(
    async () => (await import("../searching/check-published.ts")).checkPublished,
  ),
  ask: late(async () => (await import("../searching/ask.ts")).ask),
  checkQuestions: late(async () => (await import("../searching/check.ts")).checkQuestions),
  verifySite: late(async () => (await import("../verifying/verify-site.ts")).verifySite),
  publishIndex: late(async () => (await import("../publishing/publish-index.ts")).publishIndex),
  related: late(async () => (await import("../searching/related.ts")).related),
  readStatus: late(async () => (await import("../upkeep/status.ts")).readStatus),
  cacheStats: late(async () => (await import("../upkeep/cache.ts")).cacheStats),
  pruneCache: late(async () => (await import("../upkeep/cache.ts")).pruneCache),
  clearCache: late(async () => (await import("../upkeep/cache.ts")).clearCache),
  listJobs: late(async () => (await import("../upkeep/jobs.ts")).listJobs),
  collectJobs: late(async () => (await import("../upkeep/jobs.ts")).collectJobs),
  cancelJob: late(async () => (await import("../upkeep/jobs.ts")).cancelJob),
};

export type UseCases = typeof USE_CASES;
