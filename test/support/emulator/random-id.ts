import { randomBytes } from "node:crypto";

const LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";

/** A random id of `length` lower-case letters and digits. */
export const randomId = (length: number): string =>
  Array.from(randomBytes(length), (byte) => LETTERS[byte % LETTERS.length]).join("");
