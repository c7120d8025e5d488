/** Writes the parts that `reader/bytes.ts` reads, in the same order. */
export interface ByteWriter {
  /** @throws RangeError unless it is a whole number below 2^32 */
  number(value: number): void;
  numbers(values: Iterable<number>): void;
  /** A half of a surrogate pair alone becomes U+FFFD. */
  texts(texts: readonly string[]): void;
  sortedTexts(texts: readonly string[]): void;
  bytes(values: Uint8Array): void;
  /** Bytes that wait to be taken. */
  length(): number;
  /** All that was written since the last call. */
  take(): Uint8Array;
}

const BITS = 7;
const MORE = 128;
const LONGEST_NUMBER = 5;
const UTF8 = new TextEncoder();

/** A writer without content. */
export function byteWriter(): ByteWriter {
  let whole = new Uint8Array(256);
  let length = 0;

  /** Makes room for some bytes more. */
  function reserve(count: number): void {
    if (length + count <= whole.length) return;
    const larger = new Uint8Array(Math.max(2 * whole.length, length + count));
    larger.set(whole.subarray(0, length));
    whole = larger;
  }

  function bytes(values: Uint8Array): void {
    reserve(values.length);
    whole.set(values, length);
    length += values.length;
  }

  function number(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
      throw new RangeError(`A whole number below 2^32 is expected, not ${value}.`);
    }
    reserve(LONGEST_NUMBER);
    let rest = value;
    for (; rest >= MORE; rest = Math.floor(rest / 2 ** BITS)) {
      whole[length] = (rest % MORE) + MORE;
      length += 1;
    }
    whole[length] = rest;
    length += 1;
  }

  function numbers(values: Iterable<number>): void {
    for (const value of values) number(value);
  }

  function texts(list: readonly string[]): void {
    const encoded = UTF8.encode(list.join(""));
    numbers(list.map((text) => text.length));
    number(encoded.length);
    bytes(encoded);
  }

  function sortedTexts(list: readonly string[]): void {
    const shared = list.map((text, at) => sharedLength(list[at - 1] ?? "", text));
    numbers(shared);
    texts(list.map((text, at) => text.slice(shared[at])));
  }

  function take(): Uint8Array {
    const taken = whole.slice(0, length);
    length = 0;
    return taken;
  }

  return { number, numbers, texts, sortedTexts, bytes, length: () => length, take };
}

/** How many UTF-16 units two texts have in common at their beginning; no surrogate pair is divided. */
function sharedLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let length = 0;
  while (length < most && one.charCodeAt(length) === other.charCodeAt(length)) length += 1;
  const isHigh = length > 0 && (other.charCodeAt(length - 1) & 0xfc_00) === 0xd8_00;
  return isHigh ? length - 1 : length;
}
