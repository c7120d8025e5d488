import type { BatchJob, GoogleGenAI } from "@google/genai";
import { z } from "zod";
import type { GenerationRequest } from "../../generation/client.ts";
import type { TaskType } from "../../words/types.ts";
import { generateAnswerSchema, type GenerateAnswer } from "./generate-answer.ts";

/** Where calls go, and who pays. */
export interface GeminiAccess {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
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

/** One text to write. */
export interface GenerateCall {
  readonly model: string;
  readonly request: GenerationRequest;
  readonly signal: AbortSignal;
}

/** Google's own address. */
export const DEFAULT_BASE_URL = "https://generativelanguage.googleapis.com";

/** The version that Google's reference shows for embeddings, batches and files alike. */
export const API_VERSION = "v1beta";

/** Jobs in one page of their list. */
const LIST_PAGE = 100;

/** What the service answers: vectors of any length, in the order of the texts. */
const embedAnswerSchema = z.object({
  embeddings: z.array(z.object({ values: z.array(z.number()) })),
  // For the whole call; some models leave it out.
  usageMetadata: z.object({ promptTokenCount: z.int().optional() }).optional(),
});

/** The one place that knows the SDK and its ways. */
export class GeminiApi {
  readonly #access: GeminiAccess;
  #client: Promise<GoogleGenAI> | null = null;

  constructor(access: GeminiAccess) {
    this.#access = access;
  }

  /** Loads the SDK, which is large: before a try, so that none of its time is spent on it. */
  async open(): Promise<GoogleGenAI> {
    this.#client ??= connect(this.#access).catch((cause: unknown) => {
      // Whatever kept it from loading may be over by the next call.
      this.#client = null;
      throw cause;
    });
    return this.#client;
  }

  /** One page of the account's batch jobs, and the token of the next one. Throws what the SDK throws. */
  async listJobs(
    pageToken: string | undefined,
    abortSignal: AbortSignal,
  ): Promise<{ readonly jobs: readonly BatchJob[]; readonly next: string | undefined }> {
    const { batches } = await this.open();
    const token = pageToken === undefined ? {} : { pageToken };
    const pager = await batches.list({ config: { pageSize: LIST_PAGE, abortSignal, ...token } });
    return { jobs: pager.page, next: pager.params.config?.pageToken };
  }

  /** One individual call. Throws what the SDK throws, and ZodError for another shape. */
  async embed({ model, texts, taskType, dimensions, signal }: EmbedCall) {
    const { models } = await this.open();
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
    return embedAnswerSchema.parse(answer);
  }

  /** A whole answer. Throws what the SDK throws, and ZodError for another shape. */
  async generate(call: GenerateCall): Promise<GenerateAnswer> {
    const { models } = await this.open();
    const answer: unknown = await models.generateContent(generateParameters(call));
    return generateAnswerSchema.parse(answer);
  }

  /** An answer piece by piece, as soon as it has begun. Throws the same, also while it goes on. */
  async generateStream(call: GenerateCall): Promise<AsyncIterator<unknown>> {
    const { models } = await this.open();
    return models.generateContentStream(generateParameters(call));
  }
}

const generateParameters = ({ model, request, signal }: GenerateCall) => ({
  model,
  contents: [{ role: "user", parts: [{ text: request.prompt }] }],
  config: {
    abortSignal: signal,
    ...(request.system === undefined ? {} : { systemInstruction: request.system }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.maxOutputTokens === undefined ? {} : { maxOutputTokens: request.maxOutputTokens }),
  },
});

/** All that the SDK would read from the environment is given. */
async function connect({ apiKey, baseUrl, fetch }: GeminiAccess): Promise<GoogleGenAI> {
  const { GoogleGenAI } = await import("@google/genai");
  return new GoogleGenAI({
    apiKey,
    vertexai: false,
    apiVersion: API_VERSION,
    // Without `retryOptions` the SDK retries nothing: that is ours.
    httpOptions: { baseUrl, fetch },
  });
}
