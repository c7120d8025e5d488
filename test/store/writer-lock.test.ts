import { execFileSync } from "node:child_process";
import fs, { mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { acquireFileLock } from "../../src/store/writer-lock.ts";
import type { Clock } from "../../src/words/types.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { deadProcess } from "./dead-process.ts";

const START = Date.UTC(2030, 0, 1);
const SINCE = "2029-12-31T23:00:00.000Z";

const newLockFile = async (): Promise<string> => join(await temporaryFolder(), "db", "writer.lock");

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** Writes a lock file of another writer whose last heartbeat was `silentMs` before START. */
async function heldBy(holder: Holder, silentMs: number): Promise<string> {
  const file = await newLockFile();
  await mkdir(join(file, ".."));
  await writeFile(file, JSON.stringify({ token: "theirs", since: SINCE, ...holder }));
  const beat = new Date(START - silentMs);
  await utimes(file, beat, beat);
  return file;
}

const here = hostname();
const parent = { pid: process.ppid, host: here };

test("a free lock is taken at once; it creates its folder and names its holder", async () => {
  const file = await newLockFile();
  const clock = createVirtualClock(START);
  const lock = await acquireFileLock(file, clock);
  expect(clock.now()).toBe(START);
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
    pid: process.pid,
    host: here,
    since: "2030-01-01T00:00:00.000Z",
  });
  await lock.release();
  expect(await readdir(join(file, ".."))).toEqual([]);
});

test("a second writer waits 30 s and then names process and host of the first", async () => {
  const file = await heldBy(parent, 0);
  const clock = createVirtualClock(START);
  await expect(acquireFileLock(file, clock)).rejects.toMatchObject({
    code: "STORE_LOCKED",
    message: `The store is being written by process ${process.ppid} on ${here}, since ${SINCE}. Wait until that run has ended: it may wait up to batching.deadlineMinutes for its batch job. If no such process exists, delete ${file}.`,
  });
  expect(clock.now() - START).toBe(30_000);
  expect(await readdir(join(file, ".."))).toEqual(["writer.lock"]);
});

test("a lock of the same process is respected", async () => {
  const file = await newLockFile();
  const clock = createVirtualClock(Date.now());
  const first = await acquireFileLock(file, clock);
  const second = acquireFileLock(file, clock);
  await expect(second).rejects.toMatchObject({
    code: "STORE_LOCKED",
    message: expect.stringContaining(`process ${process.pid} on ${here}`),
  });
  await first.release();
});

test.for([
  { what: "of a dead process here", silentMs: 0, holder: async () => deadProcess() },
  {
    what: "left by a process that had our number",
    silentMs: 15_001,
    holder: async () => process.pid,
  },
  {
    what: "of a living process that is silent for over ten minutes",
    silentMs: 600_001,
    holder: async () => process.ppid,
  },
])("a lock $what is taken over at once", async ({ silentMs, holder }) => {
  const file = await heldBy({ pid: await holder(), host: here }, silentMs);
  const clock = createVirtualClock(START);
  const lock = await acquireFileLock(file, clock);
  expect(clock.now()).toBe(START);
  expect(await readFile(file, "utf8")).toContain(`"pid":${process.pid},`);
  expect(await readdir(join(file, ".."))).toEqual(["writer.lock"]);
  await lock.release();
});

test("a lock with our own pid is respected while it has a heartbeat: another thread may hold it", async () => {
  const file = await heldBy({ pid: process.pid, host: here }, 0);
  const clock = createVirtualClock(START);
  const lock = await acquireFileLock(file, clock);
  expect(clock.now() - START).toBeGreaterThan(15_000);
  await lock.release();
});

test("a lock from another host is taken over after a minute of silence", async () => {
  const file = await heldBy({ pid: 1, host: "elsewhere" }, 60_001);
  const clock = createVirtualClock(START);
  await (await acquireFileLock(file, clock)).release();
  expect(clock.now()).toBe(START);
});

test("a lock from another host is taken over when it falls silent during the wait", async () => {
  const file = await heldBy({ pid: 1, host: "elsewhere" }, 40_000);
  const clock = createVirtualClock(START);
  await (await acquireFileLock(file, clock)).release();
  expect(clock.now() - START).toBe(20_200);
});

test.for([
  {
    what: "from another host",
    text: JSON.stringify({ token: "t", pid: 1, host: "elsewhere", since: SINCE }),
    who: "process 1 on elsewhere",
  },
  { what: "that is half written", text: '{"token":', who: "another process" },
])("a fresh lock $what is respected", async ({ text, who }) => {
  const file = await heldBy(parent, 0);
  await writeFile(file, text);
  const beat = new Date(START - 20_000);
  await utimes(file, beat, beat);
  const refused = acquireFileLock(file, createVirtualClock(START));
  const message = expect.stringContaining(`is being written by ${who}`);
  await expect(refused).rejects.toMatchObject({ code: "STORE_LOCKED", message });
  expect(await readFile(file, "utf8")).toBe(text);
});

test.for([
  { what: "a dangling link", make: (file: string) => symlink(`${file}.gone`, file) },
  { what: "a link to itself", make: (file: string) => symlink(file, file) },
  { what: "a link to another file", make: (file: string) => symlink(process.execPath, file) },
  { what: "a folder", make: (file: string) => mkdir(file) },
  { what: "a pipe", make: async (file: string) => void execFileSync("mkfifo", [file]) },
])("$what in the place of the lock ends the wait in time, and stays", async ({ make }) => {
  const file = await newLockFile();
  await mkdir(join(file, ".."));
  await make(file);
  const clock = createVirtualClock(Date.now() + 3_600_000);
  const started = clock.now();
  const refused = { code: "STORE_LOCKED", message: expect.stringContaining(`delete ${file}.`) };
  await expect(acquireFileLock(file, clock)).rejects.toMatchObject(refused);
  expect(clock.now() - started).toBe(30_000);
  const stopped = acquireFileLock(file, clock, AbortSignal.abort(new Error("enough")));
  await expect(stopped).rejects.toThrow("enough");
  expect(await readdir(join(file, ".."))).toEqual(["writer.lock"]);
});

test.for([0, -1])(
  "a lock of the process %i is taken over: no process has that number",
  async (pid) => {
    const file = await heldBy({ pid, host: here }, 0);
    const clock = createVirtualClock(START);
    await (await acquireFileLock(file, clock)).release();
    expect(clock.now()).toBe(START);
  },
);

test("a lock from another host is respected for its heartbeat, though its process has ended here", async () => {
  const file = await heldBy({ pid: await deadProcess(), host: "elsewhere" }, 20_000);
  const refused = acquireFileLock(file, createVirtualClock(START));
  await expect(refused).rejects.toMatchObject({ code: "STORE_LOCKED" });
});

test("a lock that is released lets the waiter in", async () => {
  const file = await newLockFile();
  const clock = createVirtualClock(Date.now());
  const first = await acquireFileLock(file, clock);
  const releasing: Clock = {
    now: () => clock.now(),
    async sleep(ms, signal) {
      await first.release();
      await clock.sleep(ms, signal);
    },
  };
  const started = clock.now();
  const second = await acquireFileLock(file, releasing);
  expect(clock.now() - started).toBe(200);
  await second.release();
  expect(await readdir(join(file, ".."))).toEqual([]);
});

test("an abort ends the wait with the signal's reason and leaves the holder its lock", async () => {
  const file = await heldBy(parent, 0);
  const clock = createVirtualClock(START);
  const controller = new AbortController();
  const reason = new Error("enough");
  const aborting: Clock = {
    now: () => clock.now(),
    sleep(ms, signal) {
      const asleep = clock.sleep(ms, signal);
      if (clock.now() >= START + 1000) controller.abort(reason);
      return asleep;
    },
  };
  await expect(acquireFileLock(file, aborting, controller.signal)).rejects.toBe(reason);
  expect(clock.now() - START).toBe(1000);
  expect(await readdir(join(file, ".."))).toEqual(["writer.lock"]);
});

test("releasing does not remove a lock that another writer has taken over", async () => {
  const file = await newLockFile();
  const lock = await acquireFileLock(file, createVirtualClock(START));
  const theirs = JSON.stringify({ token: "theirs", since: SINCE, ...parent });
  await writeFile(file, theirs);
  await lock.release();
  expect(await readFile(file, "utf8")).toBe(theirs);
});

test("a holder's heartbeat keeps its lock fresh until it is released", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const file = await newLockFile();
    const clock = createVirtualClock(START);
    const lock = await acquireFileLock(file, clock);
    clock.advance(5000);
    vi.advanceTimersByTime(5000);
    await vi.waitFor(async () => expect((await stat(file)).mtimeMs).toBe(START + 5000));
    await lock.release();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test.for([
  { what: "a free lock", holder: null },
  { what: "a dead process's lock", holder: deadProcess },
])("of many writers that come for $what, one at a time holds it", async ({ holder }) => {
  const file =
    holder === null ? await newLockFile() : await heldBy({ pid: await holder(), host: here }, 0);
  const standing: Clock = { now: Date.now, sleep: () => new Promise((wake) => setImmediate(wake)) };
  let holders = 0;
  const seen: number[] = [];
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      const lock = await acquireFileLock(file, standing);
      holders += 1;
      seen.push(holders);
      await stat(file).catch(() => undefined);
      holders -= 1;
      await lock.release();
    }),
  );
  expect(seen).toEqual(Array.from({ length: 40 }, () => 1));
});

test("a lock file that cannot be opened, for want of file handles, stays: it may be another run's", async () => {
  const file = await heldBy(parent, 0);
  const text = await readFile(file, "utf8");
  const cause = Object.assign(new Error("EMFILE: too many open files"), { code: "EMFILE" });
  const opening = vi.spyOn(fs, "open").mockRejectedValue(cause);
  syncBuiltinESMExports();
  try {
    const refused = acquireFileLock(file, createVirtualClock(START));
    await expect(refused).rejects.toMatchObject({ code: "STORE_FAILED", cause });
  } finally {
    opening.mockRestore();
    syncBuiltinESMExports();
  }
  expect(await readFile(file, "utf8")).toBe(text);
});
