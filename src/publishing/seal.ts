import { SEAL_BYTES, sumOf } from "../reader/sealed-file.ts";

/** A file with its content: `reader/sealed-file.ts` reads it. */
export function sealed(content: Uint8Array): Uint8Array {
  const file = new Uint8Array(SEAL_BYTES + content.length);
  new DataView(file.buffer).setUint32(1, sumOf(content), true);
  file.set(content, SEAL_BYTES);
  return file;
}
