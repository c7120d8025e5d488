export { answerQueries } from "./searching/answers.ts";
export type { Answers, AnswersOptions } from "./searching/answers.ts";
export { ask } from "./searching/ask.ts";
export type { AskAnswer, AskOptions, Citation } from "./searching/ask.ts";
export { checkQuestions } from "./searching/check.ts";
export { cacheStats, clearCache, pruneCache } from "./upkeep/cache.ts";
export type { CacheOptions } from "./upkeep/cache.ts";
export { chunkPage } from "./chunking/chunk-page.ts";
export type { ChunkOptions } from "./chunking/chunk-page.ts";
export { defineConfig, loadConfig } from "./providers/load-config.ts";
export type { SiteragConfig } from "./providers/load-config.ts";
export type { LoadedConfig } from "./config/load.ts";
export type { ResolvedConfig } from "./config/schema.ts";
export type { EmbedContentOptions, EmbeddingClient, PlanExecution } from "./embedding/client.ts";
export type { ClientEvent, EventSource } from "./sending/events.ts";
export type { CoalesceOptions } from "./embedding/coalescer.ts";
export type { Patience } from "./sending/unfinished.ts";
export { SiteragError } from "./words/errors.ts";
export type { ErrorCode } from "./words/errors.ts";
export { SmartGeminiClient } from "./providers/gemini/smart-gemini-client.ts";
export type { SmartGeminiOptions } from "./providers/gemini/gemini-options.ts";
export { GeminiBatchClient } from "./providers/gemini/gemini-batch-client.ts";
export { LocalClient } from "./providers/local/local-client.ts";
export type {
  EmbedBatchOptions,
  LocalOptions,
  VectorMatrix,
} from "./providers/local/local-client.ts";
export { createClient, createGenerator } from "./providers/create-client.ts";
export { GeminiGenerator } from "./providers/gemini/gemini-generator.ts";
export type { GeminiGeneratorOptions } from "./providers/gemini/gemini-options.ts";
export type {
  GenerationClient,
  GenerationOptions,
  GenerationRequest,
  GenerationResult,
  GenerationResults,
  StreamEnd,
} from "./generation/client.ts";
export { indexSite } from "./indexing/index-site.ts";
export type { IndexOptions } from "./indexing/index-site.ts";
export { cancelJob, collectJobs, listJobs } from "./upkeep/jobs.ts";
export type { Cancellation, CollectReport, JobsOptions } from "./upkeep/jobs.ts";
export type { Metrics, PoolState } from "./words/metrics.ts";
export { planSite } from "./indexing/plan-site.ts";
export type { PlanSiteOptions } from "./indexing/plan-site.ts";
export type { BatchingOptions } from "./planning/choose-roads.ts";
export type {
  BatchRoad,
  IndividualRoad,
  PackLimits,
  ProviderProfile,
} from "./planning/provider-profile.ts";
export { publishIndex } from "./publishing/publish-index.ts";
export type { PublishOptions, PublishReport } from "./publishing/publish-index.ts";
export { related } from "./searching/related.ts";
export type { RelatedOptions } from "./searching/related.ts";
export type * from "./words/reports.ts";
export { search, searchAll } from "./searching/search.ts";
export type { SearchAllOptions, SearchOptions } from "./searching/search.ts";
export { readStatus } from "./upkeep/status.ts";
export { verifySite } from "./verifying/verify-site.ts";
export type { VerifyOptions } from "./verifying/verify-site.ts";
export type {
  DifferenceKind,
  Figure,
  PageDifference,
  UrlCorrection,
  VerifyReport,
} from "./verifying/report.ts";
export type * from "./words/hits.ts";
export type * from "./words/plans.ts";
export type * from "./words/types.ts";
