/** `dot-products.wat` as bytes. It multiplies four 32-bit floats at a time, which JavaScript cannot. */
export const MODULE =
  "AGFzbQEAAAABEQJgBX9/f39/AGAEe3t7ewF7AwMCAAEFAwEAAQcVAgZtZW1vcnkCAAhtdWx0aXBseQAACssEArEDAgJ/C3sDQEEAIQX9DAAAAAAAAAAAAAAAAAAAAAAhCv0MAAAAAAAAAAAAAAAAAAAAACEL/QwAAAAAAAAAAAAAAAAAAAAAIQz9DAAAAAAAAAAAAAAAAAAAAAAhDf0MAAAAAAAAAAAAAAAAAAAAACEO/QwAAAAAAAAAAAAAAAAAAAAAIQ/9DAAAAAAAAAAAAAAAAAAAAAAhEP0MAAAAAAAAAAAAAAAAAAAAACERA0AgACAFav0ABAAhByAAIANqIAVq/QAEACEIIAIgBWoiBv0ABAAhCSAKIAcgCf3mAf3kASEKIA4gCCAJ/eYB/eQBIQ4gBiADaiIG/QAEACEJIAsgByAJ/eYB/eQBIQsgDyAIIAn95gH95AEhDyAGIANqIgb9AAQAIQkgDCAHIAn95gH95AEhDCAQIAggCf3mAf3kASEQIAYgA2r9AAQAIQkgDSAHIAn95gH95AEhDSARIAggCf3mAf3kASERIAVBEGohBSAFIANJDQALIAQgCiALIAwgDRAB/QsEACAEIA4gDyAQIBEQAf0LBBAgBEEgaiEEIAAgA0EBdGohACAAIAFJDQALC5UBAQJ7IAAgAf0NAAECAxAREhMEBQYHFBUWFyAAIAH9DQgJCgsYGRobDA0ODxwdHh/95AEhBCACIAP9DQABAgMQERITBAUGBxQVFhcgAiAD/Q0ICQoLGBkaGwwNDg8cHR4f/eQBIQUgBCAF/Q0AAQIDBAUGBxAREhMUFRYXIAQgBf0NCAkKCwwNDg8YGRobHB0eH/3kAQs=";

/** Vectors are multiplied with so many others at a time: each that is read from memory is then used so often. */
export const MOST_OTHERS = 24;

/** The module multiplies with four others, and reads four numbers, at a time. */
const FOUR = 4;

/** So many vectors are multiplied with all the others before the next: they stay in the processor's cache. */
const BLOCK = 128;

const BYTES = Float32Array.BYTES_PER_ELEMENT;
const PAGE_BYTES = 65_536;

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly multiply: (
    vector: number,
    end: number,
    others: number,
    length: number,
    products: number,
  ) => void;
}

/** Vectors of one length, whose dot products with others are asked for many times. */
export class DotProducts {
  readonly #multiply: Exports["multiply"];
  /** The vectors, others, and products of each four others with all vectors. */
  readonly #numbers: Float32Array;
  /** Numbers of a vector, with zeros at the end up to a multiple of four. */
  readonly #length: number;
  /** An even number of vectors, the last one perhaps zeros. */
  readonly #count: number;

  constructor(vectors: readonly Float32Array[]) {
    this.#length = Math.ceil((vectors[0]?.length ?? 0) / FOUR) * FOUR;
    this.#count = Math.ceil(vectors.length / 2) * 2;
    const { memory, multiply } = instance();
    const all = (this.#count + MOST_OTHERS) * this.#length + MOST_OTHERS * this.#count;
    memory.grow(Math.ceil((all * BYTES) / PAGE_BYTES));
    this.#multiply = multiply;
    this.#numbers = new Float32Array(memory.buffer);
    vectors.forEach((vector, at) => this.#numbers.set(vector, at * this.#length));
  }

  /**
   * Multiplies all vectors with others.
   * @param others of the same length, `MOST_OTHERS` at most
   * @returns the product of another one with a vector, by their places; valid until the next call
   */
  with(others: readonly Float32Array[]): (other: number, vector: number) => number {
    const [count, length] = [this.#count, this.#length];
    const othersAt = count * length;
    const productsAt = othersAt + MOST_OTHERS * length;
    others.forEach((other, at) => this.#numbers.set(other, othersAt + at * length));
    for (let first = 0; first < count; first += BLOCK) {
      const end = Math.min(first + BLOCK, count);
      for (let other = 0; other < others.length; other += FOUR) {
        this.#multiply(
          first * length * BYTES,
          end * length * BYTES,
          (othersAt + other * length) * BYTES,
          length * BYTES,
          (productsAt + other * count + first * FOUR) * BYTES,
        );
      }
    }
    return (other, vector) => {
      const place = other % FOUR;
      return this.#numbers[productsAt + (other - place) * count + vector * FOUR + place] ?? 0;
    };
  }
}

function instance(): Exports {
  const module = new WebAssembly.Module(Buffer.from(MODULE, "base64"));
  const { exports } = new WebAssembly.Instance(module);
  if (isWhole(exports)) return exports;
  throw new TypeError("The module of dot products is damaged. Install siterag again.");
}

const isWhole = (exports: object): exports is Exports =>
  "memory" in exports && "multiply" in exports;
