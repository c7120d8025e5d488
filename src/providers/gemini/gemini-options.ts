import { isComplete, schemaOf } from "../../config/key.ts";
import { defaults, SECTIONS } from "../../config/keys.ts";
import type { CoalesceOptions } from "../../embedding/coalescer.ts";
import { SiteragError } from "../../words/errors.ts";
import type { BatchingOptions } from "../../planning/choose-roads.ts";
import {
  GEMINI_MODELS,
  type GeminiLimits,
  type GeminiModel,
  type GeminiTier,
} from "../../planning/gemini-profile.ts";
import { systemClock } from "../../words/system-clock.ts";
import type { Clock } from "../../words/types.ts";
import type { GenerationPrices } from "../../planning/generation-profile.ts";
import type { CallOptions } from "../../sending/retry.ts";
import { DEFAULT_BASE_URL } from "./gemini-api.ts";
import { DIMENSIONS, isGeminiModel } from "./gemini-keys.ts";

/** Options of `SmartGeminiClient`. */
export interface SmartGeminiOptions {
  /** With null or "" everything that needs the service throws KEY_MISSING. */
  readonly apiKey: string | null;
  /** Default, also when empty, `https://generativelanguage.googleapis.com`. */
  readonly baseUrl?: string | undefined;
  /** Name of a variable that names a proxy, and that Node.js ignores: errors of the network say so. */
  readonly unusedProxy?: string | null | undefined;
  /** Default `gemini-embedding-2`. */
  readonly model?: GeminiModel;
  /** From 128 to 3,072. Default 768. */
  readonly dimensions?: number;
  /** How it plans, and how many calls may run at once. Default: the configuration's defaults. */
  readonly batching?: Partial<BatchingOptions>;
  /** How it groups single requests. Default: the configuration's defaults. */
  readonly coalesce?: Partial<CoalesceOptions>;
  /** The account's tier, and limits that differ from the tier's. Default: `tier1`. */
  readonly limits?: GeminiLimits;
  /** Timeout and retries of calls. Default: the configuration's defaults. */
  readonly calls?: Partial<CallOptions>;
  /** Name and prices of the writing model. Without it, writing throws CONFIG_INVALID. */
  readonly generation?: Partial<GenerationPrices> & { readonly model: string | null };
  /** Calls that may wait for a call slot, over all sets. Default 1,000. */
  readonly maxQueuedCalls?: number;
  /** Default: the machine's own time. */
  readonly clock?: Clock;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** Random numbers from 0 up to 1 for the jitter of retries. Default `Math.random`. */
  readonly random?: () => number;
}

/** Options of `GeminiGenerator`. */
export interface GeminiGeneratorOptions
  extends
    Partial<GenerationPrices>,
    Pick<
      SmartGeminiOptions,
      "apiKey" | "baseUrl" | "batching" | "calls" | "clock" | "fetch" | "random" | "unusedProxy"
    > {
  /** Name of the writing model; with null everything that needs it throws CONFIG_INVALID. */
  readonly model: string | null;
  /** The account's tier; the free one has no batch jobs. Default `tier1`. */
  readonly tier?: GeminiTier;
}

/** The options that embedding and writing share, with their defaults. */
export type SharedOptions = ReturnType<typeof resolveShared>;

export type ResolvedGeminiOptions = ReturnType<typeof resolveGeminiOptions>;

/** Far more than a build queues, and little memory. */
const MAX_QUEUED_CALLS = 1000;

/** Fills in the defaults, and checks `calls` by the rules of the configuration. */
export function resolveShared(options: Omit<GeminiGeneratorOptions, "model">) {
  const { apiKey, baseUrl = "", fetch = globalThis.fetch } = options;
  const batching: BatchingOptions = { ...defaults().batching, ...options.batching };
  const given = { ...defaults().calls, ...options.calls };
  const calls = schemaOf(SECTIONS.calls, given).safeParse(given);
  const issues = calls.error?.issues ?? [];
  return {
    problems: [
      ...issues.map(({ path, message }) => `${["calls", ...path].join(".")}: ${message}`),
      ...(baseUrl === "" || isPlainAddress(baseUrl) ? [] : [WRONG_ADDRESS]),
    ],
    batching,
    apiKey: apiKey === "" ? null : apiKey,
    baseUrl: baseUrl === "" ? DEFAULT_BASE_URL : baseUrl,
    unusedProxy: options.unusedProxy ?? null,
    calls: isComplete(SECTIONS.calls, calls.data) ? calls.data : defaults().calls,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    fetch: withoutRedirects(fetch),
  };
}

/** Makes `fetch` fail on a redirect, which would send the key to another host. */
const withoutRedirects =
  (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
  (input, init) =>
    fetch(input, { ...init, redirect: "error" });

/** Fills in the defaults and checks the options. Throws CONFIG_INVALID with every problem. */
export function resolveGeminiOptions(options: SmartGeminiOptions) {
  const resolved = {
    model: "gemini-embedding-2" as const,
    dimensions: 768,
    limits: defaults().limits,
    generation: { model: null },
    maxQueuedCalls: MAX_QUEUED_CALLS,
    ...options,
    ...resolveShared(options),
    coalesce: { ...defaults().coalesce, ...options.coalesce },
  };
  refuse("SmartGeminiClient", [...problemsOf(resolved), ...resolved.problems]);
  return resolved;
}

/** Throws CONFIG_INVALID with the problems, if there are any. */
export function refuse(client: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new SiteragError("CONFIG_INVALID", `${client}: ${problems.join("; ")}.`);
}

function problemsOf(options: ResolvedGeminiOptions): string[] {
  const { model, dimensions, batching, coalesce } = options;
  const { fewest, most } = DIMENSIONS;
  const { maxParallelIndividual, textsPerCall } = batching;
  const checks = [
    [isGeminiModel(model), `model is one of ${GEMINI_MODELS.join(", ")}, not ${model}`],
    [
      Number.isInteger(dimensions) && dimensions >= fewest && dimensions <= most,
      `dimensions is a whole number from ${fewest} to ${most}, not ${dimensions}`,
    ],
    [
      isCount(maxParallelIndividual),
      `batching.maxParallelIndividual is at least 1, not ${maxParallelIndividual}`,
    ],
    [isCount(textsPerCall), `batching.textsPerCall is at least 1, not ${textsPerCall}`],
    [isCount(coalesce.maxTexts), `coalesce.maxTexts is at least 1, not ${coalesce.maxTexts}`],
    [coalesce.windowMs >= 0, `coalesce.windowMs is at least 0, not ${coalesce.windowMs}`],
  ] as const;
  return checks.flatMap(([isRight, problem]) => (isRight ? [] : [problem]));
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;

/** Does not repeat the address: it may hold a secret. */
const WRONG_ADDRESS =
  "baseUrl (GOOGLE_GEMINI_BASE_URL) is an http or https address without user name, password, query and fragment, such as https://example.org";

const isPlainAddress = (address: string): boolean =>
  /^https?:[^?#@]*$/iu.test(address) && URL.canParse(address);
