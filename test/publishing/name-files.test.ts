import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { fileNamer, sha256Letters } from "../../src/publishing/name-files.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("a name is the beginning of the SHA-256 in base 32", () => {
  const value = BigInt(`0x${createHash("sha256").update("abc").digest("hex").slice(0, 10)}`);
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  const expected = Array.from(
    value.toString(32).padStart(8, "0"),
    (digit) => letters[Number.parseInt(digit, 32)],
  );
  expect(sha256Letters(bytes("abc")).slice(0, 8)).toBe(expected.join(""));
});

test("names have eight letters, which file systems without upper case keep apart", () => {
  const { take, nameOf } = fileNamer();
  const names = [bytes("one"), bytes("two")].map(nameOf);
  expect(names.join(" ")).toMatch(/^[a-z2-7]{8} [a-z2-7]{8}$/);
  expect(take().map(({ name }) => name)).toEqual(names.map((name) => `${name}.txt`));
});

test("files with the same bytes are one file", () => {
  const namer = fileNamer();
  expect(namer.nameOf(bytes("same"))).toBe(namer.nameOf(bytes("same")));
  expect(namer.take()).toHaveLength(1);
  expect(namer.hasCollision()).toBe(false);
});

test("a namer says when two files have got one name", () => {
  const alike = (file: Uint8Array): string => `${"a".repeat(12)}${sha256Letters(file)}`;
  const collides = (length: number): boolean => {
    const namer = fileNamer(length, alike);
    for (const text of ["one", "two"]) namer.nameOf(bytes(text));
    return namer.hasCollision();
  };
  expect([8, 12, 13].map(collides)).toEqual([true, true, false]);
});

test("files are handed out once, and stay known by their names", () => {
  const { nameOf, take, waitingBytes } = fileNamer();
  nameOf(bytes("one"));
  expect(waitingBytes()).toBeGreaterThan(3);
  expect(take()).toHaveLength(1);
  expect(waitingBytes()).toBe(0);
  nameOf(bytes("one"));
  expect(take()).toEqual([]);
});
