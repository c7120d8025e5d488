import type { GoogleGenAI } from "@google/genai";
import { z } from "zod";
import type { TaskType } from "../types.ts";

/** Where calls go, and who pays. */
export interface GeminiAccess {
  readonly apiKey: string;
  /** Default `https://generativelanguage.googleapis.com`. */
  readonly baseUrl?: string | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** One call: texts for one task. */
export interface EmbedCall {
  readonly model: string;
  /** In the model's form. */
  readonly texts: readonly string[];
  readonly taskType: TaskType | undefined;
  readonly dimensions: number;
  readonly signal: AbortSignal;
}

const DEFAULT_BASE_URL = "https://generativelanguage.googleapis.com";

/** The version that Google's reference shows for embeddings, batches and files alike. */
const API_VERSION = "v1beta";

/** What the service answered: vectors of any length, in the order of the texts. */
export interface EmbedAnswer {
  readonly embeddings: readonly { readonly values: readonly number[] }[];
  /** For the whole call; some models leave it out. */
  readonly usageMetadata?: { readonly promptTokenCount?: number | undefined } | undefined;
}

const answerSchema: z.ZodType<EmbedAnswer> = z.object({
  embeddings: z.array(z.object({ values: z.array(z.number()) })),
  usageMetadata: z.object({ promptTokenCount: z.int().optional() }).optional(),
});

/** The one place that knows the SDK and its ways. */
export class GeminiApi {
  readonly #access: GeminiAccess;
  #client: Promise<GoogleGenAI> | null = null;

  constructor(access: GeminiAccess) {
    this.#access = access;
  }

  /** Loads the SDK, which is large: before the first call, so that no call's time is spent on it. */
  async open(): Promise<void> {
    this.#client ??= connect(this.#access);
    await this.#client;
  }

  /** One individual call. Throws what the SDK throws, and a ZodError for an answer of another shape. */
  async embed({ model, texts, taskType, dimensions, signal }: EmbedCall): Promise<EmbedAnswer> {
    this.#client ??= connect(this.#access);
    const { models } = await this.#client;
    const answer: unknown = await models.embedContent({
      model,
      // Contents, never strings: of several strings the SDK makes one vector for some models.
      contents: texts.map((text) => ({ parts: [{ text }] })),
      config: {
        outputDimensionality: dimensions,
        abortSignal: signal,
        ...(taskType === undefined ? {} : { taskType }),
      },
    });
    return answerSchema.parse(answer);
  }
}

/** All that the SDK would read from the environment is given. */
async function connect({ apiKey, baseUrl, fetch }: GeminiAccess): Promise<GoogleGenAI> {
  const { GoogleGenAI } = await import("@google/genai");
  return new GoogleGenAI({
    apiKey,
    vertexai: false,
    apiVersion: API_VERSION,
    // Without `retryOptions` the SDK retries nothing: that is ours.
    httpOptions: {
      baseUrl: baseUrl ?? DEFAULT_BASE_URL,
      ...(fetch === undefined ? {} : { fetch }),
    },
  });
}
