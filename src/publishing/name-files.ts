import { createHash } from "node:crypto";
import { fileName } from "../reader/manifest.ts";
import { sealed } from "./seal.ts";

/** A file of a readers' index, as it lies in its folder. */
export interface PublishedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Bytes of files by their names. */
export const byName = (files: readonly PublishedFile[]): Map<string, Uint8Array> =>
  new Map(files.map(({ bytes, name }) => [name, bytes]));

/**
 * Fewest letters of a name: 40 bits. Of 1,000 files, two get the same name once in two million builds; then all
 * names get longer.
 */
export const NAME_LENGTH = 8;
const LONGEST_NAME = 48;

const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** The beginning of the SHA-256 in letters that every file system keeps apart. */
export type HashOf = (bytes: Uint8Array) => string;

/** SHA-256 in base 32: five bits a letter. */
export const sha256Letters: HashOf = (bytes) => {
  const bits = [...createHash("sha256").update(bytes).digest()]
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("");
  return bits
    .replaceAll(/.{5}/g, (five) => LETTERS[Number.parseInt(five, 2)] ?? "")
    .slice(0, LONGEST_NAME);
};

/** Names files by their bytes; those with equal bytes are one. */
export interface FileNamer {
  readonly nameLength: number;
  /** Seals a content, and returns the file's name without its ending. */
  readonly nameOf: (content: Uint8Array) => string;
  /** Whether two files that differ got one name. */
  readonly hasCollision: () => boolean;
  /** Bytes of the files that were not taken yet. */
  readonly waitingBytes: () => number;
  /** The files since the last call; then the namer knows no more than their names. */
  readonly take: () => readonly PublishedFile[];
}

/** A namer without files. */
export function fileNamer(nameLength = NAME_LENGTH, hashOf: HashOf = sha256Letters): FileNamer {
  const hashes = new Map<string, string>();
  let waiting: PublishedFile[] = [];
  let waitingBytes = 0;
  let collides = false;
  return {
    nameLength,
    nameOf(content) {
      const bytes = sealed(content);
      const hash = hashOf(bytes);
      const name = hash.slice(0, nameLength);
      const known = hashes.get(name);
      collides ||= known !== undefined && known !== hash;
      if (known === undefined) {
        hashes.set(name, hash);
        waiting.push({ name: fileName(name), bytes });
        waitingBytes += bytes.length;
      }
      return name;
    },
    hasCollision: () => collides,
    waitingBytes: () => waitingBytes,
    take() {
      const taken = waiting;
      waiting = [];
      waitingBytes = 0;
      return taken;
    },
  };
}
