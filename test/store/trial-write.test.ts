import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { ChunkSpool } from "../../src/store/chunk-spool.ts";
import { storeError } from "../../src/store/store-error.ts";
import { docsSite } from "../support/docs-site.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { write } from "./target.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("without a folder for temporary files, a store is not opened, and the message names TMPDIR", async () => {
  const folder = await temporaryFolder();
  const missing = join(folder, "missing");
  vi.stubEnv("TMPDIR", missing);
  const refusal = {
    code: "STORE_FAILED",
    message: `Could not write into the folder for temporary files, ${missing} (ENOENT). Free some space there, or set TMPDIR to a folder that exists and has room.`,
  };
  const target = { uri: join(folder, "db"), index: "chunks" };
  await expect(write(target, async () => {})).rejects.toMatchObject(refusal);
  await expect(ChunkSpool.create()).rejects.toMatchObject(refusal);
});

test("a file in the place of the store, or of a folder above it, is named", async () => {
  const file = join(await temporaryFolder(), "file");
  await writeFile(file, "");
  const open = (uri: string) => write({ uri, index: "chunks" }, async () => {});
  const refusal = {
    code: "STORE_FAILED",
    message: `Could not make the folder of the store, ${file}: a file is where a folder should be. Move it, or set store.uri to another folder.`,
  };
  await expect(open(file)).rejects.toMatchObject(refusal);
  await expect(open(join(file, "a/db"))).rejects.toMatchObject({ code: "STORE_FAILED" });
});

test("a store that cannot be written is found out before the first paid call", async () => {
  const { config } = await docsSite({ "a.md": "# A\n\nText.\n" });
  await mkdir(join(config.store.uri, "trial-write.tmp"), { recursive: true });
  const client = new MockGeminiClient();
  await expect(indexSite({ config, client })).rejects.toMatchObject({
    code: "STORE_FAILED",
    message: expect.stringContaining(`Could not write into the store ${config.store.uri}: `),
  });
  expect([...client.calls, ...client.jobs]).toEqual([]);
  expect((await indexSite({ config, client })).chunks).toMatchObject({ total: 1, pending: 0 });
});

const RUST = ", /usr/local/cargo/registry/src/lance-io-12.0.0/src/local.rs:48:14\nCaused by: …";

test.for([
  ["lance error: LanceError(IO): No space left on device (os error 28)", "the disk is full."],
  ["ENOSPC: no space left on device, write", "the disk is full."],
  ["lance error: LanceError(IO): Permission denied (os error 13)", "siterag may not write there."],
  ["EROFS: read-only file system, mkdir '/a'", "siterag may not write there."],
  ["Unable to walk dir: Not a directory (os error 20)", "a file is where a folder should be."],
  ["Panic in async function", "files of it are missing or damaged. Run `siterag index`"],
  ["LanceError(IO): Generic S3 error: 403 Forbidden", "Generic S3 error: 403 Forbidden."],
] as const)("%j becomes a reason without a word of Rust", ([text, reason]) => {
  const { message } = storeError("append to chunks", new Error(`${text}${RUST}`));
  expect(message.startsWith(`Could not append to chunks: ${reason}`), message).toBe(true);
  expect(message).not.toMatch(/\.rs\b|cargo|LanceError|os error|[Pp]anic/u);
});
