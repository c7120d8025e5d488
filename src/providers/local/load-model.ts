import { existsSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { SiteragError } from "../../words/errors.ts";
import { filesOf, type ModelSettings } from "./model-settings.ts";
import { poolRows } from "./pool-rows.ts";
import {
  firstLine,
  importTransformers,
  type Encoder,
  type Tokenizer,
  type Transformers,
} from "./runtime.ts";

/** A model in memory. */
export interface LoadedModel {
  /** Most tokens that it reads, those around a text included. */
  readonly contextTokens: number;
  /** How many tokens the model wants after a text, which stay when the text is cut. */
  readonly endTokens: number;
  /** The token ids of a text with those around it, not cut. */
  readonly encode: (text: string) => readonly number[];
  /** The vectors of texts, read at once: unit length, in their order. */
  readonly run: (texts: readonly (readonly number[])[]) => Promise<readonly Float32Array[]>;
  readonly release: () => Promise<unknown>;
}

export type LoadModel = (settings: ModelSettings, directory: string) => Promise<LoadedModel>;

/** Loads tokenizer and weights. Throws MODEL_UNAVAILABLE, which says what is missing and what to do. */
export async function loadModel(settings: ModelSettings, directory: string): Promise<LoadedModel> {
  const transformers = importTransformers(directory);
  requireFiles(settings);
  const { encoder, tokenizer } = await readInTurn(transformers, settings);
  const contextTokens = Math.min(
    settings.contextTokens ?? Infinity,
    tokenizer.model_max_length ?? Infinity,
    encoder.config?.max_position_embeddings ?? Infinity,
  );
  const encode = (text: string) => tokenizer(text, { return_tensor: false }).input_ids;
  return {
    contextTokens,
    endTokens: sharedEnd(encode(""), encode("a")),
    encode,
    run: async (texts) => {
      const { feeds, mask } = feedsOf(transformers, texts, tokenizer.pad_token_id ?? 0);
      return poolRows(await encoder(feeds), mask, settings);
    },
    release: () => encoder.dispose(),
  };
}

/** How many ids two texts have in common at their ends. */
function sharedEnd(one: readonly number[], other: readonly number[]): number {
  let length = 0;
  while (length < one.length && one.at(-1 - length) === other.at(-1 - length)) length += 1;
  return length;
}

function requireFiles({ allowRemote, folder, localModelPath, ...settings }: ModelSettings): void {
  if (folder === null) {
    if (allowRemote) return;
    const place =
      localModelPath === null
        ? "embedding.localModelPath is not set"
        : `there is no ${join(localModelPath, settings.model, "config.json")}`;
    throw unavailable(
      `the model “${settings.model}” is not on this machine (${place}), and embedding.allowRemote is false. Put its files there, or allow the download`,
    );
  }
  const missing = filesOf(settings).find(
    (file) => !file.endsWith("_data") && !existsSync(join(folder, file)),
  );
  if (missing === undefined) return;
  throw unavailable(
    `the model in ${folder} has no file ${missing}. Put it there, as the repository of the model has it${
      missing.endsWith(".onnx") ? `, or set embedding.dtype to a form that is there` : ""
    }`,
  );
}

interface ModelFiles {
  readonly encoder: Encoder;
  readonly tokenizer: Tokenizer;
}

let lastReading: Promise<unknown> = Promise.resolve();

/** One model after the other: the package has one folder of models, and asks for it file by file. */
function readInTurn(transformers: Transformers, settings: ModelSettings): Promise<ModelFiles> {
  const reading = lastReading.then(() => readFiles(transformers, settings));
  lastReading = reading.catch(() => undefined);
  return reading;
}

async function readFiles(
  { AutoModel, AutoTokenizer, env, LogLevel }: Transformers,
  settings: ModelSettings,
): Promise<ModelFiles> {
  const { device, dtype, folder, repository, revision, threads } = settings;
  // What fails is thrown; the package would print it, too, with the ids of the texts.
  env.logLevel = LogLevel.NONE;
  env.allowRemoteModels = folder === null;
  if (folder !== null) env.localModelPath = `${dirname(folder)}${sep}`;
  const name = folder === null ? repository : basename(folder);
  try {
    const tokenizer = await AutoTokenizer.from_pretrained(name, { revision });
    const encoder = await AutoModel.from_pretrained(name, {
      revision,
      device,
      dtype,
      session_options: threads === null ? {} : { intraOpNumThreads: threads },
    });
    return { encoder, tokenizer };
  } catch (cause) {
    throw notLoaded(settings, cause);
  }
}

function notLoaded({ folder, repository, revision }: ModelSettings, cause: unknown): SiteragError {
  return folder === null
    ? unavailable(
        `the model “${repository}” (revision ${revision}) could not be fetched from the Hugging Face hub or loaded: ${firstLine(cause)}. Check the name and the network, or put its files into embedding.localModelPath`,
        cause,
      )
    : unavailable(
        `the model in ${folder} cannot be loaded: ${firstLine(cause)}. A file may be damaged or incomplete: fetch the model again`,
        cause,
      );
}

const unavailable = (what: string, cause?: unknown): SiteragError =>
  new SiteragError("MODEL_UNAVAILABLE", `embedding.provider is "local", but ${what}.`, { cause });

/** The tensors of some texts, padded to the longest, and the attention mask. */
function feedsOf({ Tensor }: Transformers, texts: readonly (readonly number[])[], padding: number) {
  const width = Math.max(...texts.map(({ length }) => length));
  const ids = new BigInt64Array(texts.length * width).fill(BigInt(padding));
  const mask = new BigInt64Array(ids.length);
  for (const [row, text] of texts.entries()) {
    for (const [at, id] of text.entries()) {
      ids[row * width + at] = BigInt(id);
      mask[row * width + at] = 1n;
    }
  }
  const dims = [texts.length, width];
  const feeds = {
    input_ids: new Tensor("int64", ids, dims),
    attention_mask: new Tensor("int64", mask, dims),
  };
  return { feeds, mask };
}
