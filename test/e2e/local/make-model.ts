import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bertFile, type BertSize } from "./bert.ts";

export interface ModelShape extends BertSize {
  readonly seed: number;
  /** Whole words of the vocabulary, after special tokens and single characters. */
  readonly words: readonly string[];
}

const SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
const CHARACTERS = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)).filter(
  (character) => character === character.toLowerCase(),
);

/** The size of all-MiniLM-L6-v2. */
export const MINILM: BertSize = {
  vocab_size: 30_522,
  hidden_size: 384,
  num_hidden_layers: 6,
  num_attention_heads: 12,
  intermediate_size: 1536,
  max_position_embeddings: 512,
};

/** The same architecture, small enough for a test. */
export const TINY: BertSize = {
  vocab_size: 2000,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 64,
  max_position_embeddings: 128,
};

/** Words of three syllables, each a token of its own. */
export const madeWords = (count: number): string[] =>
  Array.from({ length: count }, (_, at) =>
    [at % 20, Math.floor(at / 20) % 20, Math.floor(at / 400) % 100].map(syllable).join(""),
  );

const syllable = (at: number): string =>
  `${"bdfghjklmnprstvwz"[at % 17] ?? ""}${"aeiou"[Math.floor(at / 17) % 5] ?? ""}${at % 5 === 0 ? "n" : ""}`;

/** Writes a model with seeded weights into a folder, in the layout of the hub. */
export async function makeModel(
  folder: string,
  { seed, words, ...size }: ModelShape,
): Promise<void> {
  const pieces = [
    ...SPECIAL,
    ...CHARACTERS,
    ...CHARACTERS.map((character) => `##${character}`),
    ...words,
  ];
  const tokens = [...new Set(pieces)].slice(0, size.vocab_size);
  const vocabulary = Object.fromEntries(tokens.map((token, id) => [token, id]));
  await mkdir(join(folder, "onnx"), { recursive: true });
  const json = (name: string, value: object) =>
    writeFile(join(folder, name), JSON.stringify(value));
  await json("config.json", {
    model_type: "bert",
    architectures: ["BertModel"],
    hidden_act: "gelu",
    pad_token_id: 0,
    type_vocab_size: 2,
    ...size,
  });
  await json("tokenizer_config.json", {
    tokenizer_class: "BertTokenizer",
    do_lower_case: true,
    model_max_length: size.max_position_embeddings,
    pad_token: "[PAD]",
    unk_token: "[UNK]",
    cls_token: "[CLS]",
    sep_token: "[SEP]",
    mask_token: "[MASK]",
  });
  await json("tokenizer.json", tokenizer(vocabulary));
  await writeFile(join(folder, "onnx", "model.onnx"), bertFile(size, seed));
}

const tokenizer = (vocabulary: Readonly<Record<string, number>>) => ({
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: SPECIAL.map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
    ],
    pair: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
      { Sequence: { id: "B", type_id: 1 } },
      { SpecialToken: { id: "[SEP]", type_id: 1 } },
    ],
    special_tokens: Object.fromEntries(
      ["[CLS]", "[SEP]"].map((id) => [id, { id, ids: [vocabulary[id]], tokens: [id] }]),
    ),
  },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: vocabulary,
  },
});
