import fc from "fast-check";
import { expect, test } from "vitest";
import { sealed } from "../../src/publishing/seal.ts";
import { unsealed } from "../../src/reader/sealed-file.ts";

const BYTES = fc.uint8Array({ maxLength: 200 });

test("a sealed content comes back", () => {
  fc.assert(
    fc.property(BYTES, (content) => {
      expect(unsealed(sealed(content))).toEqual(content);
    }),
  );
});

test("it comes back out of a larger buffer, too", () => {
  const file = sealed(Uint8Array.of(1, 2, 3));
  const buffer = Uint8Array.from([9, 9, ...file, 9]);
  expect(unsealed(buffer.subarray(2, 2 + file.length))).toEqual(Uint8Array.of(1, 2, 3));
});

test("a file that is cut or has another byte is not what was written", () => {
  fc.assert(
    fc.property(BYTES, fc.nat(), fc.integer({ min: 1, max: 255 }), (content, place, change) => {
      const file = sealed(content);
      const at = place % file.length;
      expect(unsealed(file.subarray(0, at))).toBeNull();
      file.set([(file[at] ?? 0) ^ change], at);
      expect(unsealed(file)).toBeNull();
    }),
  );
});

test("a page that a server sends in place of a missing file is not what was written", () => {
  expect(unsealed(new TextEncoder().encode("<!doctype html><title>Home</title>"))).toBeNull();
});
