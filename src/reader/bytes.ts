/** Reads the parts of a file one after the other; each method throws a RangeError past the end. */
export interface ByteReader {
  /** A whole number below 2^32: seven bits a byte, the lowest first, the high bit set in all but the last. */
  number(): number;
  numbers(count: number): Uint32Array;
  /** Texts side by side: their lengths in UTF-16 units, the number of bytes, and all texts as UTF-8. */
  texts(count: number): string[];
  /** Texts that share their beginning with the one before: the shared lengths, then the rest as texts. */
  sortedTexts(count: number): string[];
  /** The next bytes as a view, without a copy. */
  take(length: number): Uint8Array;
  isAtEnd(): boolean;
}

const BITS = 7;
const MORE = 128;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A reader at the beginning of the bytes. */
export function byteReader(bytes: Uint8Array): ByteReader {
  let position = 0;

  function number(): number {
    // Most numbers are one byte.
    const first = bytes[position] ?? MORE;
    if (first < MORE) {
      position += 1;
      return first;
    }
    let value = 0;
    for (let unit = 1; unit < 2 ** 32; unit *= 2 ** BITS) {
      const byte = bytes[position];
      if (byte === undefined) throw new RangeError("The file ends in the middle of a number.");
      position += 1;
      value += (byte % MORE) * unit;
      if (byte < MORE) return value;
    }
    throw new RangeError("A number is too long.");
  }

  function take(length: number): Uint8Array {
    if (position + length > bytes.length) throw new RangeError("The file ends too early.");
    position += length;
    return bytes.subarray(position - length, position);
  }

  function numbers(count: number): Uint32Array {
    // Each takes a byte or more: a damaged count asks for no memory.
    if (position + count > bytes.length) throw new RangeError("The file ends too early.");
    const values = new Uint32Array(count);
    for (let at = 0; at < count; at += 1) values[at] = number();
    return values;
  }

  function texts(count: number): string[] {
    const lengths = numbers(count);
    const whole = UTF8.decode(take(number()));
    let end = 0;
    const found = Array.from(lengths, (length) => whole.slice(end, (end += length)));
    if (end !== whole.length) throw new RangeError("The lengths of the texts do not fit.");
    return found;
  }

  function sortedTexts(count: number): string[] {
    const shared = numbers(count);
    let last = "";
    return texts(count).map((rest, at) => (last = last.slice(0, shared[at]) + rest));
  }

  return { number, numbers, texts, sortedTexts, take, isAtEnd: () => position === bytes.length };
}
