import { readdir } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { ChunkSpool } from "../../src/store/chunk-spool.ts";
import type { Chunk } from "../../src/words/types.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { rowOf } from "./open-database.ts";

function chunkOf(id: string, text: string): Chunk {
  const { fingerprint: _, vectorFingerprint: __, vector: ___, ...chunk } = rowOf(id);
  return { ...chunk, text };
}

const texts = [
  "plain",
  "",
  "Größe 漢字 🦊👩‍👩‍👧 e\u0301",
  "a\r\nb\n\nc\u2028d",
  'quotes " and \\ and \u0000',
  "x".repeat(200_000),
];

test("chunks are read complete, in any order, with any text", async () => {
  await using spool = await ChunkSpool.create();
  const chunks = texts.map((text, at) => chunkOf(`page.md#ü-${at}`, text));
  const references = await spool.append(chunks.slice(0, 3));
  expect(await spool.append([])).toEqual([]);
  references.push(...(await spool.append(chunks.slice(3))));
  const read = references.toReversed().map((reference) => spool.read(reference));
  expect(read).toEqual(chunks.toReversed());
});

test("after a read, the next chunk is appended at the end", async () => {
  await using spool = await ChunkSpool.create();
  const [first] = await spool.append([chunkOf("a", "漢字")]);
  expect(first && spool.read(first)).toEqual(chunkOf("a", "漢字"));
  const [second] = await spool.append([chunkOf("b", "next")]);
  expect(second && spool.read(second)).toEqual(chunkOf("b", "next"));
  expect(first && spool.read(first)).toEqual(chunkOf("a", "漢字"));
});

test("it leaves nothing in the temporary folder; where the system allows it, not even while it is open", async () => {
  const temporary = await temporaryFolder();
  vi.stubEnv("TMPDIR", temporary);
  try {
    const spool = await ChunkSpool.create();
    await spool.append([chunkOf("a", "text")]);
    expect(await readdir(temporary)).toHaveLength(process.platform === "win32" ? 1 : 0);
    await spool[Symbol.asyncDispose]();
    expect(await readdir(temporary)).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
  }
});
