import { defaults } from "../../config/keys.ts";
import { embeddingText } from "../../chunking/embedding-input.ts";
import { estimateTokens } from "../../chunking/tokens.ts";
import { BaseEmbeddingClient } from "../../embedding/base-client.ts";
import { vectorCheck } from "../../embedding/check-vectors.ts";
import type { CoalesceOptions } from "../../embedding/coalescer.ts";
import type { BatchingOptions } from "../../planning/choose-roads.ts";
import type { ProviderProfile } from "../../planning/provider-profile.ts";
import { Engine } from "../../sending/engine.ts";
import type { JobOrder, Provider } from "../../sending/provider.ts";
import { SiteragError } from "../../words/errors.ts";
import { systemClock } from "../../words/system-clock.ts";
import type { Clock, Embedded, EmbeddingInput, EmbeddingSpace } from "../../words/types.ts";
import { Faults, type MockFault } from "./mock-faults.ts";
import { MockGenerator } from "./mock-generator.ts";
import { MockJobs } from "./mock-jobs.ts";
import { sendingHere } from "../sending-here.ts";
import { MOCK_LATENCY, mockProfile } from "./mock-profile.ts";
import { mockVector } from "./mock-vector.ts";

export interface MockOptions {
  /** Default 768. */
  readonly dimensions?: number;
  /** Default `mock-embedding`. */
  readonly model?: string;
  /** How it plans, and how many calls may run at once. Default: the configuration's defaults. */
  readonly batching?: Partial<BatchingOptions>;
  /** How it groups single requests. Default: the configuration's defaults. */
  readonly coalesce?: Partial<CoalesceOptions>;
  /** Default: no price, no quota, and batch jobs. */
  readonly profile?: ProviderProfile;
  /** Default: the machine's own time. */
  readonly clock?: Clock;
  /** How long calls and jobs take, in milliseconds. Default 0 and 20. */
  readonly latency?: { readonly callMs: number; readonly jobMs: number };
  /**
   * Whether to keep `calls`, `jobs`, and the rows of jobs after they are safe; turn it off for large sites.
   * Default true.
   */
  readonly keepCalls?: boolean;
  /** Calls with such a text fail, and so do their rows in jobs. Default: none. */
  readonly failOn?: (text: string) => boolean;
  /** Default: none. */
  readonly faults?: readonly MockFault[];
}

/**
 * Embeds without key or network, by individual calls and batch jobs. Its unit vectors hash words and their
 * pieces: the same everywhere, and close for texts that share words.
 */
export class MockGeminiClient extends BaseEmbeddingClient {
  readonly space: EmbeddingSpace;
  readonly profile: ProviderProfile;
  /** The texts of each call so far, in order, if kept. */
  readonly calls: (readonly string[])[] = [];
  /** The texts of each job so far, in order, if kept. */
  readonly jobs: (readonly string[])[] = [];
  /** Writes under its own model name, so that nobody takes its texts for a model's. */
  readonly generator: MockGenerator;
  protected readonly engine: Engine<EmbeddingInput, Embedded>;
  readonly #options: Required<Pick<MockOptions, "clock" | "failOn" | "keepCalls" | "latency">>;
  readonly #faults: Faults;
  #callsUnderWay = 0;
  #mostCallsAtOnce = 0;

  constructor(options: MockOptions = {}) {
    const batching = { ...defaults().batching, ...options.batching };
    const { clock = systemClock, latency = MOCK_LATENCY } = options;
    super(batching, { ...defaults().coalesce, ...options.coalesce }, clock);
    this.space = {
      provider: "mock",
      model: options.model ?? "mock-embedding",
      dimensions: options.dimensions ?? 768,
      taskForm: "hashed-words-3",
    };
    this.profile = options.profile ?? mockProfile(latency);
    const { failOn = () => false, faults = [], keepCalls = true } = options;
    this.#options = { clock, failOn, keepCalls, latency };
    this.#faults = new Faults(faults);
    this.generator = new MockGenerator({ batching, clock });
    this.generator.events.listen(this.events.emit);
    this.engine = new Engine({
      ...sendingHere(),
      provider: this.#provider(),
      client: this,
      contents: "text",
      maxParallel: batching.maxParallelIndividual,
      textsPerCall: batching.textsPerCall,
      pollMs: Math.max(1, latency.jobMs / 4),
      clock,
      checkOf: ({ space }) => vectorCheck(space.dimensions),
    });
  }

  /** Highest number of calls that ran at once. */
  get mostCallsAtOnce(): number {
    return this.#mostCallsAtOnce;
  }

  /** See `GenerationClient.generateContent`. */
  generateContent(...given: Parameters<MockGenerator["generateContent"]>) {
    return this.generator.generateContent(...given);
  }

  /** See `GenerationClient.generateContentStream`. */
  generateContentStream(...given: Parameters<MockGenerator["generateContentStream"]>) {
    return this.generator.generateContentStream(...given);
  }

  addFault(fault: MockFault): void {
    this.#faults.add(fault);
  }

  #provider(): Provider<EmbeddingInput, Embedded> {
    const { clock, keepCalls, latency } = this.#options;
    const jobs = new MockJobs<Embedded>(clock, latency.jobMs, keepCalls);
    return {
      check: vectorCheck(this.space.dimensions),
      call: async ({ inputs }) => {
        const vectors = await this.#call(inputs.map(embeddingText));
        return { outputs: vectors.map((vector) => ({ vector })), tokens: null };
      },
      jobs: jobs.service({
        countedWhen: "created",
        tokensOf: (input) => estimateTokens(embeddingText(input)),
        create: (order) => this.#createJob(jobs, order),
      }),
    };
  }

  async #call(texts: readonly string[]): Promise<readonly Float32Array[]> {
    const { clock, failOn, keepCalls, latency } = this.#options;
    if (keepCalls) this.calls.push(texts);
    this.#callsUnderWay += 1;
    this.#mostCallsAtOnce = Math.max(this.#mostCallsAtOnce, this.#callsUnderWay);
    try {
      if (latency.callMs > 0) await clock.sleep(latency.callMs);
      if (texts.some(failOn)) throw failOnText();
      const vectors = texts.map((text) => mockVector(text, this.space.dimensions));
      return this.#faults.spoilCall(texts, vectors);
    } finally {
      this.#callsUnderWay -= 1;
    }
  }

  #createJob(jobs: MockJobs<Embedded>, order: JobOrder<EmbeddingInput>): string {
    const { failOn, keepCalls } = this.#options;
    const texts = order.texts.map(({ input }) => embeddingText(input));
    this.#faults.checkJob(texts);
    if (keepCalls) this.jobs.push(texts);
    const rows = order.texts.flatMap(({ key, input }) => {
      const text = embeddingText(input);
      const good = failOn(text)
        ? { key, error: failOnText(), isFree: true }
        : { key, output: { vector: mockVector(text, this.space.dimensions) } };
      return this.#faults.spoilRow(text, good) ?? [];
    });
    return jobs.create(order.displayName, rows, this.#faults.endOf(texts));
  }
}

const failOnText = (): SiteragError =>
  new SiteragError("EMBEDDING_FAILED", "The mock fails on this text, as `failOn` says.");
