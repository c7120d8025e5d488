import { SiteragError } from "../../words/errors.ts";
import type { ModelSettings } from "./model-settings.ts";
import type { Pooling } from "./presets.ts";
import type { Output } from "./runtime.ts";

type Outputs = Readonly<Record<string, Output | undefined>>;

/** Makes one vector of unit length for each text of the model's output. `mask`: 1 for a token that counts. */
export function poolRows(
  outputs: Outputs,
  mask: BigInt64Array,
  { dimensions, model, pooling }: Pick<ModelSettings, "dimensions" | "model" | "pooling">,
): Float32Array[] {
  const output = outputOf(outputs, pooling);
  if (output === undefined) throw noOutput(model, pooling, outputs);
  const { dims } = output;
  const data = floatsOf(output);
  const [texts = 0] = dims;
  const width = dims.at(-1) ?? 0;
  if (width !== dimensions) {
    throw new SiteragError(
      "MODEL_UNAVAILABLE",
      `embedding.dimensions is ${dimensions}, but the vectors of the model “${model}” have ${width} numbers. Set embedding.dimensions to ${width}, or to 0.`,
    );
  }
  const rowLength = data.length / texts;
  return Array.from({ length: texts }, (_, text) => {
    const row = data.subarray(text * rowLength, (text + 1) * rowLength);
    const tokens = rowLength / width;
    const counted = pooling === "mean" ? mask.subarray(text * tokens, (text + 1) * tokens) : null;
    return toUnitLength(counted === null ? row.slice(0, width) : meanOf(row, counted, width));
  });
}

function outputOf(outputs: Outputs, pooling: Pooling): Output | undefined {
  const { last_hidden_state: states, sentence_embedding: sentence, token_embeddings } = outputs;
  return pooling === "model" ? sentence : (states ?? token_embeddings);
}

/** Some short forms of weights give short numbers, too. */
function floatsOf(output: Output): Float32Array {
  const { data } = output.type === "float32" ? output : output.to("float32");
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

function noOutput(model: string, pooling: Pooling, outputs: Outputs): SiteragError {
  const names = Object.keys(outputs).join(", ");
  return new SiteragError(
    "MODEL_UNAVAILABLE",
    `embedding.pooling is "${pooling}", but the model “${model}” gives only ${names}. Set another pooling, or take a sentence-embedding model.`,
  );
}

function meanOf(row: Float32Array, counted: BigInt64Array, width: number): Float32Array {
  const sum = new Float64Array(width);
  let tokens = 0;
  for (const [token, counts] of counted.entries()) {
    if (counts === 0n) continue;
    tokens += 1;
    const start = token * width;
    for (let at = 0; at < width; at += 1) sum[at] = (sum[at] ?? 0) + (row[start + at] ?? 0);
  }
  return Float32Array.from(sum, (value) => value / tokens);
}

function toUnitLength(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
