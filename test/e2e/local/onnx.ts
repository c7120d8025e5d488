/** Writes ONNX files: the few messages of the format that an encoder needs (onnx/onnx.proto, IR 8). */

type Field = readonly [number: number, value: bigint | number | string | Uint8Array];

const VARINT = 0;
const BYTES = 2;
const FLOAT32 = 5;

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? byte : byte | 0x80);
  } while (rest !== 0n);
  return bytes;
}

/** A message of protocol buffers. Whole numbers are written as varints, texts and bytes with their length. */
function message(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      const tag = (kind: number) => Buffer.from(varint(BigInt((number << 3) | kind)));
      if (typeof value === "number" || typeof value === "bigint") {
        return [tag(VARINT), Buffer.from(varint(BigInt(value)))];
      }
      const bytes = typeof value === "string" ? Buffer.from(value) : value;
      return [tag(BYTES), Buffer.from(varint(BigInt(bytes.length))), bytes];
    }),
  );
}

/** A field of type float. */
function float(number: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([Buffer.from(varint(BigInt((number << 3) | FLOAT32))), bytes]);
}

const TYPE = { float: 1, int64: 7 } as const;

/** A named tensor: weights, or a list of whole numbers. */
export function tensor(
  name: string,
  dims: readonly number[],
  data: Float32Array | BigInt64Array,
): Uint8Array {
  const type = data instanceof Float32Array ? TYPE.float : TYPE.int64;
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message([...dims.map((size): Field => [1, size]), [2, type], [8, name], [9, raw]]);
}

type Attribute = number | readonly number[] | { readonly float: number };

function attribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === "number") {
    return message([
      [1, name],
      [3, value],
      [20, 2],
    ]);
  }
  if ("float" in value) {
    return Buffer.concat([
      message([
        [1, name],
        [20, 1],
      ]),
      float(2, value.float),
    ]);
  }
  return message([[1, name], ...value.map((one): Field => [8, one]), [20, 7]]);
}

export function node(
  type: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, Attribute>> = {},
): Uint8Array {
  return message([
    ...inputs.map((name): Field => [1, name]),
    [2, output],
    [3, output],
    [4, type],
    ...Object.entries(attributes).map((entry): Field => [5, attribute(...entry)]),
  ]);
}

/** An input or output with dimensions that are fixed, or named. */
export function port(
  name: string,
  type: keyof typeof TYPE,
  dims: readonly (number | string)[],
): Uint8Array {
  const shape = message(
    dims.map((size): Field => [1, message([typeof size === "number" ? [1, size] : [2, size]])]),
  );
  const tensorType = message([
    [1, TYPE[type]],
    [2, shape],
  ]);
  return message([
    [1, name],
    [2, message([[1, tensorType]])],
  ]);
}

export interface Graph {
  readonly nodes: readonly Uint8Array[];
  readonly weights: readonly Uint8Array[];
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
}

/** The bytes of a model file. */
export function modelFile({ nodes, weights, inputs, outputs }: Graph): Uint8Array {
  const graph = message([
    ...nodes.map((one): Field => [1, one]),
    [2, "encoder"],
    ...weights.map((one): Field => [5, one]),
    ...inputs.map((one): Field => [11, one]),
    ...outputs.map((one): Field => [12, one]),
  ]);
  const operators = message([
    [1, ""],
    [2, 17],
  ]);
  return message([
    [1, 8],
    [7, graph],
    [8, operators],
  ]);
}
