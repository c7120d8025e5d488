import type { BatchJob, GoogleGenAI } from "@google/genai";
import { z } from "zod";
import type { GenerationRequest } from "../../generation/client.ts";
import type { TaskType } from "../../words/types.ts";
import { vectorValues } from "./batch-jsonl.ts";
import { generateAnswerSchema, type GenerateAnswer } from "./generate-answer.ts";

/** The server, and the account's key. */
export interface GeminiAccess {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** Name of a variable that names a proxy, and that Node.js ignores. Null: there is none. */
  readonly unusedProxy: string | null;
  readonly fetch: typeof globalThis.fetch;
}

/** One call: texts for one task. */
export interface EmbedCall {
  readonly model: string;
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

/** Google's server. */
export const DEFAULT_BASE_URL = "https://generativelanguage.googleapis.com";

/** The version that Google's reference shows for embeddings, batches and files alike. */
export const API_VERSION = "v1beta";

/** Jobs per page of the list. */
const LIST_PAGE = 100;

/** The answer to an embedding call: vectors of any length, in text order. */
const embedAnswerSchema = z.object({
  embeddings: z.array(z.object({ values: vectorValues })),
  // Counts the whole call; some models leave it out.
  usageMetadata: z.object({ promptTokenCount: z.int().optional() }).optional(),
});

/** Makes every call that goes through the SDK. */
export class GeminiApi {
  readonly #access: GeminiAccess;
  #client: Promise<GoogleGenAI> | null = null;

  constructor(access: GeminiAccess) {
    this.#access = access;
  }

  /** Loads the large SDK before a call starts, so that loading takes none of the call's time. */
  async open(): Promise<GoogleGenAI> {
    this.#client ??= connect(this.#access).catch((cause: unknown) => {
      // The next call tries again.
      this.#client = null;
      throw cause;
    });
    return this.#client;
  }

  /** Reads one page of the account's batch jobs, and the next page's token. Throws the SDK's errors. */
  async listJobs(
    pageToken: string | undefined,
    abortSignal: AbortSignal,
  ): Promise<{ readonly jobs: readonly BatchJob[]; readonly next: string | undefined }> {
    const { batches } = await this.open();
    const token = pageToken === undefined ? {} : { pageToken };
    const pager = await batches.list({ config: { pageSize: LIST_PAGE, abortSignal, ...token } });
    return { jobs: pager.page, next: pager.params.config?.pageToken };
  }

  /** Embeds texts by one call. Throws the SDK's errors, and ZodError for an unexpected answer. */
  async embed({ model, texts, taskType, dimensions, signal }: EmbedCall) {
    const { models } = await this.open();
    const answer: unknown = await models.embedContent({
      model,
      // Contents, not strings: for some models the SDK merges several strings into one vector.
      contents: texts.map((text) => ({ parts: [{ text }] })),
      config: {
        outputDimensionality: dimensions,
        abortSignal: signal,
        ...(taskType === undefined ? {} : { taskType }),
      },
    });
    return embedAnswerSchema.parse(answer);
  }

  /** Writes one whole answer. Throws as `embed` does. */
  async generate(call: GenerateCall): Promise<GenerateAnswer> {
    const { models } = await this.open();
    const answer: unknown = await models.generateContent(generateParameters(call));
    return generateAnswerSchema.parse(answer);
  }

  /** Returns the pieces of an answer once it begins. Throws as `embed` does, also between pieces. */
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

/** Passes every option that the SDK would otherwise read from the environment. */
async function connect({ apiKey, baseUrl, fetch }: GeminiAccess): Promise<GoogleGenAI> {
  const { GoogleGenAI } = await import("@google/genai");
  return new GoogleGenAI({
    apiKey,
    vertexai: false,
    apiVersion: API_VERSION,
    // Without `retryOptions` the SDK never retries; siterag does.
    httpOptions: { baseUrl, fetch },
  });
}
