import { execFileSync } from "node:child_process";
import { link, mkdir, open, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { answerQueries } from "../../src/searching/answers.ts";
import { ChunkSpool } from "../../src/store/chunk-spool.ts";
import { storeError } from "../../src/store/store-error.ts";
import { MOST_BYTES, tryWriting } from "../../src/store/trial-write.ts";
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
  const writeInto = (uri: string) => write({ uri, index: "chunks" }, async () => {});
  const refusal = {
    code: "STORE_FAILED",
    message: `Could not make the folder of the store, ${file}: a file is where a folder should be. Move it, or set store.uri to another folder.`,
  };
  await expect(writeInto(file)).rejects.toMatchObject(refusal);
  await expect(writeInto(join(file, "a/db"))).rejects.toMatchObject({ code: "STORE_FAILED" });
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

test("a build that could not store the vectors of its queries makes no call for them", async () => {
  const { config } = await docsSite({ "a.md": "# A\n\nText.\n" });
  await indexSite({ config });
  await mkdir(join(config.store.uri, "trial-write.tmp"));
  const client = new MockGeminiClient();
  const queries = ["winter"];
  const message = expect.stringContaining("Could not write into the store");
  await expect(answerQueries({ config, client, queries })).rejects.toMatchObject({ message });
  expect(client.calls).toEqual([]);
  expect(await answerQueries({ config, client, queries })).toMatchObject({ sent: 1 });
});

test("a trial of a large write is small, and asks the disk about the rest", async () => {
  const folder = await temporaryFolder();
  const written = join(folder, "written");
  await symlink(written, join(folder, "trial-write.tmp"));
  await tryWriting(folder, MOST_BYTES + 1);
  expect((await stat(written)).size).toBe(MOST_BYTES);
  await expect(tryWriting(folder, 2 ** 60)).rejects.toMatchObject({
    message: expect.stringContaining("the disk is full."),
  });
});

/** A folder in which a write waits for ever, until the test ends. */
async function endlessFolder(): Promise<string> {
  const folder = await temporaryFolder();
  const pipe = join(folder, "trial-write.tmp");
  execFileSync("mkfifo", [pipe]);
  const copy = join(folder, "copy");
  await link(pipe, copy);
  onTestFinished(async () => (await open(copy)).close());
  return folder;
}

test("an abort ends a trial write that does not end by itself", async () => {
  const controller = new AbortController();
  const trial = tryWriting(await endlessFolder(), 1, controller.signal);
  controller.abort(new Error("enough"));
  await expect(trial).rejects.toThrow("enough");
});

test("a trial write that does not end fails after 30 s", async () => {
  const folder = await endlessFolder();
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const trial = tryWriting(folder, 1);
  vi.advanceTimersByTime(30_000);
  await expect(trial).rejects.toMatchObject({
    code: "STORE_FAILED",
    message: `Could not write into the store ${folder}: the disk did not answer for 30 s. Check that it can be reached, then try again.`,
  });
});

const RUST = ", /usr/local/cargo/registry/src/lance-io-12.0.0/src/local.rs:48:14\nCaused by: …";

test.for([
  ["lance error: LanceError(IO): No space left on device (os error 28)", "the disk is full."],
  ["ENOSPC: no space left on device, write", "the disk is full."],
  ["lance error: LanceError(IO): Permission denied (os error 13)", "siterag may not write there."],
  ["EROFS: read-only file system, mkdir '/a'", "siterag may not write there."],
  ["Unable to walk dir: Not a directory (os error 20)", "a file is where a folder should be."],
  ["Panic in async function", "files of the store are missing or damaged. Run `siterag index`"],
  ["LanceError(IO): Generic S3 error: 403 Forbidden", "Generic S3 error: 403 Forbidden."],
] as const)("%j becomes a reason without a word of Rust", ([text, reason]) => {
  const { message } = storeError("append to chunks", new Error(`${text}${RUST}`));
  expect(message.startsWith(`Could not append to chunks: ${reason}`), message).toBe(true);
  expect(message).not.toMatch(/\.rs\b|cargo|LanceError|os error|[Pp]anic/u);
});
