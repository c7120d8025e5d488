import { embeddingText } from "../../chunking/embedding-input.ts";
import { defaults } from "../../config/keys.ts";
import { BaseEmbeddingClient } from "../../embedding/base-client.ts";
import { checkVectors, vectorCheck } from "../../embedding/check-vectors.ts";
import type { PlanExecution } from "../../embedding/client.ts";
import type { CoalesceOptions } from "../../embedding/coalescer.ts";
import { checkRequests } from "../../embedding/embedding-requests.ts";
import type { BatchingOptions } from "../../planning/choose-roads.ts";
import { CallFailure } from "../../sending/call-failure.ts";
import { Engine } from "../../sending/engine.ts";
import { cutLines } from "../../sending/cut-lines.ts";
import type { Pack } from "../../sending/provider.ts";
import { SiteragError } from "../../words/errors.ts";
import type { Plan, Usage } from "../../words/plans.ts";
import { drawProgress } from "../../words/draw-progress.ts";
import { systemClock } from "../../words/system-clock.ts";
import { untilAborted } from "../../words/until-aborted.ts";
import type {
  Clock,
  Embedded,
  EmbeddingInput,
  EmbeddingSpace,
  TaskType,
} from "../../words/types.ts";
import { sendingHere } from "../sending-here.ts";
import {
  embedInBatches,
  type BatchLimits,
  type CutText,
  type EmbeddedTexts,
} from "./embed-batch.ts";
import { HeldModel } from "./held-model.ts";
import type { LoadedModel, LoadModel } from "./load-model.ts";
import { checkedSettings, type LocalInput } from "./local-keys.ts";
import { localProfile } from "./local-profile.ts";
import { modelSettings, spaceOf, type ModelSettings } from "./model-settings.ts";
import { loadShared } from "./shared-model.ts";

export interface LocalOptions {
  /** The keys of the block `embedding`; all but `model` have a default. */
  readonly embedding: LocalInput;
  readonly batching?: Partial<BatchingOptions>;
  readonly coalesce?: Partial<CoalesceOptions>;
  readonly clock?: Clock;
  /** Where `@huggingface/transformers` is looked for beside siterag's own place. Default: the working directory. */
  readonly directory?: string;
  /** Default: by `@huggingface/transformers`. */
  readonly load?: LoadModel;
}

export interface EmbedBatchOptions extends Partial<Pick<BatchLimits, "batchSize" | "batchTokens">> {
  /** Draws the progress on stderr. Default false. */
  readonly showProgress?: boolean;
  readonly signal?: AbortSignal;
  /** Default `RETRIEVAL_DOCUMENT`. */
  readonly taskType?: TaskType;
}

/** Vectors as one block of memory: row n is that of text n. */
export interface VectorMatrix {
  readonly data: Float32Array;
  readonly shape: readonly [texts: number, dimensions: number];
}

/** Embeds on this machine, in batches of texts of about the same length. It has no jobs. */
export class LocalClient extends BaseEmbeddingClient {
  readonly profile = localProfile;
  protected readonly engine: Engine<EmbeddingInput, Embedded>;
  readonly #settings: ModelSettings;
  readonly #model: HeldModel;
  #space: EmbeddingSpace | null = null;

  /** Throws CONFIG_INVALID for a wrong key, and when nothing says how long the vectors are. */
  constructor({ embedding, clock = systemClock, ...options }: LocalOptions) {
    const batching = { ...defaults().batching, ...options.batching };
    super(batching, { ...defaults().coalesce, ...options.coalesce }, clock);
    const { directory = process.cwd(), load = loadShared } = options;
    this.#settings = modelSettings(checkedSettings(embedding));
    this.#model = new HeldModel(() => load(this.#settings, directory));
    this.engine = new Engine({
      ...sendingHere(),
      provider: {
        open: () => this.#model.open(),
        call: (pack, signal) => this.#call(pack, signal),
        jobs: null,
        check: vectorCheck(this.#settings.dimensions),
      },
      client: this,
      contents: "text",
      maxParallel: 1,
      textsPerCall: batching.textsPerCall,
      pollMs: 0,
      clock,
    });
  }

  /** Reads the files of a model in a folder once, because its revision is their hash. */
  get space(): EmbeddingSpace {
    this.#space ??= spaceOf(this.#settings);
    return this.#space;
  }

  override async execute(plan: Plan, execution: PlanExecution): Promise<Usage> {
    const leave = this.events.listen(cutLines((line) => execution.logger?.warn?.(line)));
    try {
      return await super.execute(plan, execution);
    } finally {
      leave();
    }
  }

  /** Loads the model. */
  async prepare(signal?: AbortSignal): Promise<void> {
    await untilAborted(this.#model.open(), signal).catch(() => undefined);
  }

  /**
   * Embeds texts in batches: a matrix of rows of unit length, in text order, equal to those of `embedText`.
   * Throws INVALID_REQUEST for a text without words, EMBEDDING_FAILED with the text that the model refuses,
   * ANSWER_MALFORMED for vectors that are not finite, MODEL_UNAVAILABLE, and the signal's reason.
   */
  async embedBatch(
    texts: readonly string[],
    {
      showProgress = false,
      signal,
      taskType = "RETRIEVAL_DOCUMENT",
      ...limits
    }: EmbedBatchOptions = {},
  ): Promise<VectorMatrix> {
    checkRequests(
      texts.map((text) => ({ text, taskType })),
      this.profile,
    );
    const drawn = showProgress ? drawProgress(process.stderr) : null;
    const onProgress = (done: number): void =>
      drawn?.onProgress({ phase: "embed", done, total: texts.length });
    try {
      const inputs = texts.map((text) => ({ title: null, text }));
      const { vectors } = await this.#embed(inputs, taskType, { ...limits, signal, onProgress });
      checkVectors(vectors, texts.length, this.#settings.dimensions);
      return this.#matrix(vectors);
    } finally {
      drawn?.stop();
    }
  }

  /** As of every client; the model leaves the memory with its last client. */
  override async close(): Promise<void> {
    await super.close();
    await this.#model.release();
  }

  async #call({ inputs, taskType }: Pack<EmbeddingInput>, signal: AbortSignal) {
    try {
      const { vectors, tokens } = await this.#embed(inputs, taskType, { signal });
      return {
        outputs: vectors.map((vector) => ({ vector })),
        tokens: { input: tokens, output: 0 },
      };
    } catch (cause) {
      if (!(cause instanceof SiteragError)) throw cause;
      // A text that the model refuses is found by halving the call; the others are embedded.
      throw new CallFailure(cause, cause.code === "EMBEDDING_FAILED" ? "split" : "fail");
    }
  }

  async #embed(
    inputs: readonly EmbeddingInput[],
    taskType: TaskType,
    options: Partial<BatchLimits> & {
      readonly signal?: AbortSignal | undefined;
      readonly onProgress?: (done: number) => void;
    },
  ): Promise<EmbeddedTexts> {
    const { batchSize, batchTokens, model, passagePrefix, queryPrefix } = this.#settings;
    const prefix = ASKING.has(taskType) ? queryPrefix : passagePrefix;
    const texts = inputs.map((input) => `${prefix}${embeddingText(input)}`);
    const nameOf = (at: number): string => nameOfInput(inputs[at]);
    const embedBy = (loaded: LoadedModel) => {
      const { contextTokens } = loaded;
      const onCut = (cut: readonly CutText[]): void => {
        const named = cut.map(({ at, tokens }) => ({ name: nameOf(at), tokens }));
        this.events.emit({ type: "texts_cut", model, contextTokens, texts: named });
      };
      return embedInBatches(loaded, texts, { batchSize, batchTokens, ...options, nameOf, onCut });
    };
    return this.#model.use(embedBy, options.signal);
  }

  #matrix(vectors: readonly Float32Array[]): VectorMatrix {
    const { dimensions } = this.#settings;
    const data = new Float32Array(vectors.length * dimensions);
    for (const [row, vector] of vectors.entries()) data.set(vector, row * dimensions);
    return { data, shape: [vectors.length, dimensions] };
  }
}

/** Tasks whose texts look for others. */
const ASKING: ReadonlySet<TaskType> = new Set<TaskType>([
  "RETRIEVAL_QUERY",
  "CODE_RETRIEVAL_QUERY",
  "QUESTION_ANSWERING",
  "FACT_VERIFICATION",
]);

/** Characters of a text that stand for its name. */
const SHOWN = 40;

/** The heading trail of a chunk, or the beginning of another text. */
function nameOfInput({ text, title }: EmbeddingInput = { title: null, text: "" }): string {
  const name = title ?? text.trim().replaceAll(/\s+/gu, " ");
  return title === null && name.length > SHOWN ? `“${name.slice(0, SHOWN)}…”` : `“${name}”`;
}
