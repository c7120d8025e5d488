/** How the vector of a text is made of the model's output. `model`: the model's file does it itself. */
export const POOLINGS = ["mean", "cls", "model"] as const;

export type Pooling = (typeof POOLINGS)[number];

/** What siterag knows of a model by its name. */
export interface Preset {
  /** Repository on the Hugging Face hub that should have the ONNX files. */
  readonly repository: string;
  /** Length of its vectors. */
  readonly width: number;
  /** Most tokens that it reads; null: its own files say it. */
  readonly contextTokens: number | null;
  readonly pooling: Pooling;
  readonly queryPrefix: string;
  readonly passagePrefix: string;
  /** Whether somebody has loaded the files of the repository with siterag. */
  readonly isChecked: boolean;
}

const NO_PREFIX = { queryPrefix: "", passagePrefix: "" } as const;

/**
 * Models by name. No file could be fetched where this table was written, so none is checked, and none is
 * a default.
 */
export const PRESETS: Readonly<Record<string, Preset>> = {
  "granite-embedding-small-english-r2": {
    repository: "onnx-community/granite-embedding-small-english-r2-ONNX",
    width: 384,
    contextTokens: 8192,
    pooling: "cls",
    ...NO_PREFIX,
    isChecked: false,
  },
  "granite-embedding-97m-multilingual-r2": {
    repository: "onnx-community/granite-embedding-97m-multilingual-r2-ONNX",
    width: 384,
    contextTokens: null,
    pooling: "cls",
    ...NO_PREFIX,
    isChecked: false,
  },
  "bge-small-en-v1.5": {
    repository: "Xenova/bge-small-en-v1.5",
    width: 384,
    contextTokens: 512,
    pooling: "cls",
    queryPrefix: "Represent this sentence for searching relevant passages: ",
    passagePrefix: "",
    isChecked: false,
  },
  "all-MiniLM-L6-v2": {
    repository: "Xenova/all-MiniLM-L6-v2",
    width: 384,
    contextTokens: 256,
    pooling: "mean",
    ...NO_PREFIX,
    isChecked: false,
  },
  "embeddinggemma-300m": {
    repository: "onnx-community/embeddinggemma-300m-ONNX",
    width: 768,
    contextTokens: 2048,
    pooling: "model",
    queryPrefix: "task: search result | query: ",
    passagePrefix: "title: none | text: ",
    isChecked: false,
  },
};
