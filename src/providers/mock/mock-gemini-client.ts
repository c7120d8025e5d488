import { DEFAULTS } from "../../config/keys.ts";
import { embeddingText } from "../../chunking/embedding-input.ts";
import { estimateTokens } from "../../chunking/tokens.ts";
import { BaseEmbeddingClient } from "../../embedding/base-client.ts";
import { checkVectors } from "../../embedding/check-vectors.ts";
import type { PlanExecution } from "../../embedding/client.ts";
import type { CoalesceOptions } from "../../embedding/coalescer.ts";
import type { BatchingOptions } from "../../planning/choose-roads.ts";
import type { ProviderProfile } from "../../planning/provider-profile.ts";
import type { CollectedJobs, JobCollection } from "../../sending/collect-jobs.ts";
import { Engine } from "../../sending/engine.ts";
import type { JobOrder, JobService, Provider } from "../../sending/provider.ts";
import { SiteragError } from "../../words/errors.ts";
import { systemClock } from "../../words/system-clock.ts";
import type {
  Clock,
  Embedded,
  EmbeddingInput,
  EmbeddingSpace,
  Plan,
  Usage,
} from "../../words/types.ts";
import { Faults, type MockFault } from "./mock-faults.ts";
import { MockGenerator } from "./mock-generator.ts";
import { MockJobs } from "./mock-jobs.ts";
import { MOCK_LATENCY, mockProfile } from "./mock-profile.ts";
import { mockVector } from "./mock-vector.ts";

export interface MockOptions {
  /** Default 768. */
  readonly dimensions?: number;
  /** Default `mock-embedding`. */
  readonly model?: string;
  /** How it plans and how many calls may be under way. Default: the configuration's DEFAULTS. */
  readonly batching?: Partial<BatchingOptions>;
  /** How single requests become sets. Default: the configuration's DEFAULTS. */
  readonly coalesce?: Partial<CoalesceOptions>;
  /** Default: no price, no quota, and batch jobs. */
  readonly profile?: ProviderProfile;
  /** Default: the machine's own time. */
  readonly clock?: Clock;
  /** How long calls and jobs take, in milliseconds. Default 0 and 20. */
  readonly latency?: { readonly callMs: number; readonly jobMs: number };
  /** Whether `calls` and `jobs` are kept; a build of a large site does without. Default true. */
  readonly keepCalls?: boolean;
  /** A call that holds such a text fails, and so does its row in a job. Default: none. */
  readonly failOn?: (text: string) => boolean;
  /** What goes wrong. Default: nothing. */
  readonly faults?: readonly MockFault[];
}

/**
 * An embedding client without key or network, with individual calls and batch jobs. Its unit
 * vectors are hashed word and sub-word features: deterministic, and near for texts that share words.
 */
export class MockGeminiClient extends BaseEmbeddingClient {
  readonly space: EmbeddingSpace;
  readonly profile: ProviderProfile;
  /** The texts of every call so far, in the order of the calls, if they are kept. */
  readonly calls: (readonly string[])[] = [];
  /** The texts of every job so far, in the order of their creation, if they are kept. */
  readonly jobs: (readonly string[])[] = [];
  /** Writes texts, without key or network. */
  readonly generator: MockGenerator = new MockGenerator();
  readonly #clock: Clock;
  readonly #latency: { readonly callMs: number; readonly jobMs: number };
  readonly #keepCalls: boolean;
  readonly #failOn: (text: string) => boolean;
  readonly #faults: Faults;
  readonly #engine: Engine<EmbeddingInput, Embedded>;
  #callsUnderWay = 0;
  #mostCallsAtOnce = 0;

  constructor(options: MockOptions = {}) {
    const batching = { ...DEFAULTS.batching, ...options.batching };
    const clock = options.clock ?? systemClock;
    super(batching, { ...DEFAULTS.coalesce, ...options.coalesce }, clock);
    this.space = {
      provider: "mock",
      model: options.model ?? "mock-embedding",
      dimensions: options.dimensions ?? 768,
      taskForm: "hashed-words-3",
    };
    this.#latency = options.latency ?? MOCK_LATENCY;
    this.profile = options.profile ?? mockProfile(this.#latency);
    this.#clock = clock;
    this.#keepCalls = options.keepCalls ?? true;
    this.#failOn = options.failOn ?? (() => false);
    this.#faults = new Faults(options.faults ?? []);
    const { jobMs } = this.#latency;
    this.#engine = new Engine({
      provider: this.#provider(),
      client: this,
      contents: "text",
      maxParallel: batching.maxParallelIndividual,
      maxQueued: Number.POSITIVE_INFINITY,
      textsPerCall: batching.textsPerCall,
      // What it was told to do wrong, it does every time.
      retries: { ...DEFAULTS.calls, maxRetries: 0 },
      pollMs: Math.max(1, jobMs / 4),
      clock,
      random: () => 0.5,
      isPoolTold: false,
      checkOf: ({ space }) => checkOf(space.dimensions),
    });
  }

  /** Most calls that were ever under way at once. */
  get mostCallsAtOnce(): number {
    return this.#mostCallsAtOnce;
  }

  /** From now on this goes wrong, too. */
  addFault(fault: MockFault): void {
    this.#faults.add(fault);
  }

  execute(plan: Plan, execution: PlanExecution): Promise<Usage> {
    return this.#engine.execute(plan, execution);
  }

  collect(collection: JobCollection<Embedded>): Promise<CollectedJobs> {
    return this.#engine.collect(collection);
  }

  #provider(): Provider<EmbeddingInput, Embedded> {
    return {
      check: checkOf(this.space.dimensions),
      call: async ({ inputs }) => {
        const vectors = await this.#call(inputs.map(embeddingText));
        return { outputs: vectors.map((vector) => ({ vector })), tokens: null };
      },
      jobs: this.#jobService(new MockJobs(this.#clock, this.#latency.jobMs)),
    };
  }

  #jobService(jobs: MockJobs<Embedded>): JobService<EmbeddingInput, Embedded> {
    return {
      countedWhen: "created",
      upload: async ({ texts }) => ({
        name: "files/mock",
        tokens: texts.map(({ input }) => estimateTokens(embeddingText(input))),
      }),
      create: async (order) => this.#createJob(jobs, order),
      find: async (displayName) => jobs.find(displayName),
      status: async (name) => jobs.status(name),
      rows: async (name) => jobs.rows(name),
      cancel: async (name) => jobs.cancel(name),
      tidy: async () => undefined,
    };
  }

  async #call(texts: readonly string[]): Promise<readonly Float32Array[]> {
    if (this.#keepCalls) this.calls.push(texts);
    this.#callsUnderWay += 1;
    this.#mostCallsAtOnce = Math.max(this.#mostCallsAtOnce, this.#callsUnderWay);
    try {
      if (this.#latency.callMs > 0) await this.#clock.sleep(this.#latency.callMs);
      if (texts.some(this.#failOn)) throw toldToFail();
      return this.#faults.spoilCall(
        texts,
        texts.map((text) => this.#vector(text)),
      );
    } finally {
      this.#callsUnderWay -= 1;
    }
  }

  #createJob(jobs: MockJobs<Embedded>, order: JobOrder<EmbeddingInput>): string {
    const texts = order.texts.map(({ input }) => embeddingText(input));
    this.#faults.checkJob(texts);
    if (this.#keepCalls) this.jobs.push(texts);
    const rows = order.texts.flatMap(({ key, input }) => {
      const text = embeddingText(input);
      const good = this.#failOn(text)
        ? { key, error: toldToFail(), isFree: true }
        : { key, output: { vector: this.#vector(text) } };
      return this.#faults.spoilRow(text, good) ?? [];
    });
    return jobs.create(order.displayName, rows, this.#faults.endOf(texts));
  }

  #vector(text: string): Float32Array {
    return mockVector(text, this.space.dimensions);
  }
}

const toldToFail = (): SiteragError =>
  new SiteragError("EMBEDDING_FAILED", "The mock client was told to fail on this text.");

/** Checks vectors of a length. */
const checkOf =
  (dimensions: number): Provider<never, Embedded>["check"] =>
  (outputs, texts) =>
    checkVectors(
      outputs.map(({ vector }) => vector),
      texts,
      dimensions,
    );
