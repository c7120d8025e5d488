import { modelFile, node, port, tensor } from "./onnx.ts";

/** The size of a BERT encoder, in the words of its config.json. */
export interface BertSize {
  readonly vocab_size: number;
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly intermediate_size: number;
  readonly max_position_embeddings: number;
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The ONNX file of a BERT encoder with seeded weights, as `optimum` exports one. */
export function bertFile(size: BertSize, seed: number): Uint8Array {
  const graph = new BertGraph(size, seeded(seed));
  return graph.file();
}

const IDS = ["batch", "sequence"] as const;

class BertGraph {
  readonly #size: BertSize;
  readonly #random: () => number;
  readonly #nodes: Uint8Array[] = [];
  readonly #weights: Uint8Array[] = [];

  constructor(size: BertSize, random: () => number) {
    this.#size = size;
    this.#random = random;
  }

  file(): Uint8Array {
    const { hidden_size, num_hidden_layers } = this.#size;
    this.#constants();
    let states = this.#embeddings();
    for (let layer = 0; layer < num_hidden_layers; layer += 1) {
      states = this.#layer(`layer.${layer}`, states);
    }
    this.#nodes.push(node("Identity", [states], "last_hidden_state"));
    return modelFile({
      nodes: this.#nodes,
      weights: this.#weights,
      inputs: ["input_ids", "attention_mask", "token_type_ids"].map((name) =>
        port(name, "int64", IDS),
      ),
      outputs: [port("last_hidden_state", "float", [...IDS, hidden_size])],
    });
  }

  #constants(): void {
    const { hidden_size, num_attention_heads: heads } = this.#size;
    const whole = (name: string, values: readonly number[]) =>
      this.#weights.push(tensor(name, [values.length], BigInt64Array.from(values, BigInt)));
    const real = (name: string, value: number) =>
      this.#weights.push(tensor(name, [], Float32Array.of(value)));
    whole("zero", [0]);
    whole("one", [1]);
    whole("mask_axes", [1, 2]);
    whole("split", [0, 0, heads, hidden_size / heads]);
    whole("joined", [0, 0, hidden_size]);
    real("scale", 1 / Math.sqrt(hidden_size / heads));
    real("unmasked", 1);
    real("lowest", -10_000);
    real("root_of_two", Math.SQRT2);
    real("half", 0.5);
  }

  /** Weights with BERT's own spread, or a wider one. */
  #random2d(name: string, rows: number, columns: number, spread = 0.02): string {
    const width = spread * Math.sqrt(12);
    const data = new Float32Array(rows * columns);
    for (let at = 0; at < data.length; at += 1) data[at] = (this.#random() - 0.5) * width;
    this.#weights.push(tensor(name, [rows, columns], data));
    return name;
  }

  #filled(name: string, length: number, value: number): string {
    this.#weights.push(tensor(name, [length], new Float32Array(length).fill(value)));
    return name;
  }

  #apply(type: string, inputs: readonly string[], output: string, attributes = {}): string {
    this.#nodes.push(node(type, inputs, output, attributes));
    return output;
  }

  #normalised(name: string, input: string): string {
    const { hidden_size } = this.#size;
    const scale = this.#filled(`${name}.weight`, hidden_size, 1);
    const bias = this.#filled(`${name}.bias`, hidden_size, 0);
    return this.#apply("LayerNormalization", [input, scale, bias], name, {
      axis: -1,
      epsilon: { float: 1e-12 },
    });
  }

  #linear(name: string, input: string, from: number, to: number): string {
    const weights = this.#random2d(`${name}.weight`, from, to, 0.05);
    const bias = this.#filled(`${name}.bias`, to, 0.01);
    const product = this.#apply("MatMul", [input, weights], `${name}.product`);
    return this.#apply("Add", [product, bias], name);
  }

  #embeddings(): string {
    const { hidden_size, max_position_embeddings, vocab_size } = this.#size;
    const words = this.#random2d("words", vocab_size, hidden_size, 0.2);
    const positions = this.#random2d("positions", max_position_embeddings, hidden_size);
    const types = this.#random2d("types", 2, hidden_size);
    const word = this.#apply("Gather", [words, "input_ids"], "word");
    const type = this.#apply("Gather", [types, "token_type_ids"], "type");
    const shape = this.#apply("Shape", ["input_ids"], "shape");
    const length = this.#apply("Gather", [shape, "one"], "length");
    const position = this.#apply("Slice", [positions, "zero", length, "zero"], "position");
    const sum = this.#apply("Add", [word, type], "word_and_type");
    return this.#normalised(
      "embeddings",
      this.#apply("Add", [sum, position], "word_type_position"),
    );
  }

  /** What is added to each score: nothing, or so little that the token does not count. */
  #mask(name: string): string {
    const mask = this.#apply("Unsqueeze", ["attention_mask", "mask_axes"], `${name}.mask`);
    const real = this.#apply("Cast", [mask], `${name}.real`, { to: 1 });
    const inverse = this.#apply("Sub", ["unmasked", real], `${name}.inverse`);
    return this.#apply("Mul", [inverse, "lowest"], `${name}.added`);
  }

  #heads(name: string, input: string, order: readonly number[]): string {
    const { hidden_size } = this.#size;
    const all = this.#linear(name, input, hidden_size, hidden_size);
    const split = this.#apply("Reshape", [all, "split"], `${name}.split`);
    return this.#apply("Transpose", [split], `${name}.heads`, { perm: order });
  }

  #attention(name: string, states: string): string {
    const { hidden_size } = this.#size;
    const query = this.#heads(`${name}.query`, states, [0, 2, 1, 3]);
    const key = this.#heads(`${name}.key`, states, [0, 2, 3, 1]);
    const value = this.#heads(`${name}.value`, states, [0, 2, 1, 3]);
    const scores = this.#apply("MatMul", [query, key], `${name}.scores`);
    const scaled = this.#apply("Mul", [scores, "scale"], `${name}.scaled`);
    const masked = this.#apply("Add", [scaled, this.#mask(name)], `${name}.masked`);
    const shares = this.#apply("Softmax", [masked], `${name}.shares`, { axis: -1 });
    const mixed = this.#apply("MatMul", [shares, value], `${name}.mixed`);
    const back = this.#apply("Transpose", [mixed], `${name}.back`, { perm: [0, 2, 1, 3] });
    const joined = this.#apply("Reshape", [back, "joined"], `${name}.joined`);
    return this.#linear(`${name}.output`, joined, hidden_size, hidden_size);
  }

  #gelu(name: string, input: string): string {
    const divided = this.#apply("Div", [input, "root_of_two"], `${name}.divided`);
    const erf = this.#apply("Erf", [divided], `${name}.erf`);
    const raised = this.#apply("Add", [erf, "unmasked"], `${name}.raised`);
    const weighted = this.#apply("Mul", [input, raised], `${name}.weighted`);
    return this.#apply("Mul", [weighted, "half"], `${name}.gelu`);
  }

  #layer(name: string, states: string): string {
    const { hidden_size, intermediate_size } = this.#size;
    const attention = this.#attention(`${name}.attention`, states);
    const sum = this.#apply("Add", [attention, states], `${name}.attended`);
    const attended = this.#normalised(`${name}.attention.norm`, sum);
    const inner = this.#linear(`${name}.inner`, attended, hidden_size, intermediate_size);
    const outer = this.#linear(
      `${name}.outer`,
      this.#gelu(name, inner),
      intermediate_size,
      hidden_size,
    );
    const whole = this.#apply("Add", [outer, attended], `${name}.whole`);
    return this.#normalised(`${name}.norm`, whole);
  }
}
