export { answerQueries } from "./answers.ts";
export type { Answers, AnswersOptions } from "./answers.ts";
export { ask } from "./ask.ts";
export type { AskAnswer, AskOptions, Citation } from "./ask.ts";
export { checkQuestions } from "./check.ts";
export { cacheStats, clearCache, pruneCache } from "./cache.ts";
export type { CacheOptions } from "./cache.ts";
export { chunkPage } from "./chunking/chunk-page.ts";
export type { ChunkOptions } from "./chunking/chunk-page.ts";
export { loadConfig } from "./config/load.ts";
export type { LoadedConfig } from "./config/load.ts";
export { defineConfig } from "./config/schema.ts";
export type { ResolvedConfig, SiteragConfig } from "./config/schema.ts";
export type { EmbedContentOptions, EmbeddingClient, PlanExecution } from "./embedding/client.ts";
export type { ClientEvent, EventSource } from "./embedding/events.ts";
export type { CoalesceOptions } from "./embedding/coalescer.ts";
export type { Patience } from "./embedding/given-up.ts";
export { SiteragError } from "./errors.ts";
export type { ErrorCode } from "./errors.ts";
export { SmartGeminiClient } from "./gemini/smart-gemini-client.ts";
export type { SmartGeminiOptions } from "./gemini/gemini-options.ts";
export { GeminiBatchClient } from "./gemini/gemini-batch-client.ts";
export { createClient } from "./create-client.ts";
export { createGenerator } from "./create-generator.ts";
export { GeminiGenerator } from "./gemini/gemini-generator.ts";
export type { GeminiGeneratorOptions } from "./gemini/gemini-generator.ts";
export type {
  GenerationClient,
  GenerationOptions,
  GenerationRequest,
  GenerationResult,
  GenerationResults,
  StreamEnd,
} from "./generation/client.ts";
export { indexSite } from "./index-site.ts";
export type { IndexOptions } from "./index-site.ts";
export { cancelJob, collectJobs, listJobs } from "./jobs.ts";
export type { Cancellation, CollectReport, JobsOptions } from "./jobs.ts";
export type { Metrics, PoolState } from "./metrics.ts";
export { planSite } from "./plan-site.ts";
export type { PlanSiteOptions } from "./plan-site.ts";
export type { BatchingOptions } from "./planning/choose-roads.ts";
export type {
  BatchRoad,
  IndividualRoad,
  PackLimits,
  ProviderProfile,
} from "./planning/provider-profile.ts";
export { related } from "./related.ts";
export type { RelatedOptions } from "./related.ts";
export type * from "./reports.ts";
export { search, searchAll } from "./search.ts";
export type { SearchAllOptions, SearchOptions } from "./search.ts";
export { readStatus } from "./status.ts";
export type * from "./types.ts";
