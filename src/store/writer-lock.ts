import { randomUUID } from "node:crypto";
import { lstat, mkdir, open, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { z } from "zod";
import { once } from "../words/once.ts";
import { SiteragError } from "../words/errors.ts";
import type { Clock } from "../words/types.ts";
import { HeldLock, type Tell } from "./held-lock.ts";
import { storeError } from "./store-error.ts";

const RETRY_MS = 200;
/** A holder on another machine counts as dead when it was silent for this long. */
const SILENT_ELSEWHERE_MS = 60_000;
/** A living process here may be busy for long. Later, its pid may belong to another program. */
const SILENT_HERE_MS = 600_000;

/** Time for three heartbeats. */
const MISSED_BEATS_MS = 15_000;
/** A takeover takes a few file operations. A guard this old belongs to a dead process. */
const GUARD_MS = 10_000;

/** `since` is ISO 8601. */
const holderSchema = once(() =>
  z.object({ token: z.string(), pid: z.number(), host: z.string(), since: z.string() }).readonly(),
);

type Holder = z.infer<ReturnType<typeof holderSchema>>;

const heldHere = new Set<string>();

/**
 * Takes the writer's lock of a store in a folder: a file with pid and heartbeat. Takes over the lock of
 * a dead holder. Waits 30 s for a living one, then throws STORE_LOCKED with the holder's name.
 */
export async function acquireFileLock(
  file: string,
  clock: Clock,
  signal?: AbortSignal,
  tell?: Tell,
): Promise<HeldLock> {
  const token = randomUUID();
  await mkdir(dirname(file), { recursive: true });
  // Before the file exists: else another waiter in this process would think its holder is dead.
  heldHere.add(token);
  const lock = {
    clock,
    retryMs: RETRY_MS,
    tryTake: async () =>
      (await tryCreate(file, token, clock)) ||
      ((await removeIfStale(file, clock)) && (await tryCreate(file, token, clock))),
    holder: async () => nameOf(await readHolder(file)),
    refusal: async () => locked(file, await readHolder(file)),
    expiresMs: SILENT_ELSEWHERE_MS,
    renewAfterMs: 0,
    renew: () => renewFile(file, token, new Date(clock.now())),
    async release() {
      if ((await readHolder(file))?.token === token) await rm(file, { force: true });
      heldHere.delete(token);
    },
  };
  try {
    return await HeldLock.take(lock, signal, tell);
  } catch (error) {
    heldHere.delete(token);
    throw error;
  }
}

/** Writes a heartbeat. False when the file is gone, or when another run holds the lock. */
async function renewFile(file: string, token: string, now: Date): Promise<boolean> {
  try {
    await utimes(file, now, now);
  } catch (error) {
    if (isCode(error, "ENOENT")) return false;
    throw error;
  }
  const holder = await readHolder(file);
  if (holder === null) throw new Error(`The lock file ${file} cannot be read.`);
  return holder.token === token;
}

async function tryCreate(file: string, token: string, clock: Clock): Promise<boolean> {
  const since = new Date(clock.now()).toISOString();
  const holder: Holder = { token, pid: process.pid, host: hostname(), since };
  let isOurs = false;
  try {
    await using handle = await open(file, "wx");
    isOurs = true;
    await handle.writeFile(JSON.stringify(holder));
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    // On a full disk it is there, but empty. One that could not be opened may be another run's.
    if (isOurs) await rm(file, { force: true });
    throw storeError(`create the lock file ${file} of the store`, error);
  }
}

/** Removes the lock of a dead holder. True when the file is gone, so that it can be created. */
async function removeIfStale(file: string, clock: Clock): Promise<boolean> {
  const holder = await readHolder(file);
  const beat = await lstat(file).catch(() => null);
  if (beat === null) return true;
  // siterag makes no links, folders or pipes: what somebody put here stays.
  if (!beat.isFile() || !isStale(holder, clock.now() - beat.mtimeMs)) return false;
  // If several processes find the same dead lock, one removes it, and only if it has not changed.
  const guard = `${file}.takeover`;
  if (!(await createGuard(guard))) return false;
  try {
    const again = await lstat(file).catch(() => null);
    const same = (await readHolder(file))?.token === holder?.token;
    if (same && again?.mtimeMs === beat.mtimeMs) await rm(file, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
  return true;
}

/** False when another process has the guard. Removes the guard of a killed process for the next try. */
async function createGuard(guard: string): Promise<boolean> {
  try {
    await writeFile(guard, "", { flag: "wx" });
    return true;
  } catch {
    const left = await lstat(guard).catch(() => null);
    if (left !== null && Date.now() - left.mtimeMs > GUARD_MS) await rm(guard, { force: true });
    return false;
  }
}

function isStale(holder: Holder | null, silentMs: number): boolean {
  if (holder === null || holder.host !== hostname()) return silentMs > SILENT_ELSEWHERE_MS;
  // This process, or one with the same pid: in another container, or before a restart.
  if (holder.pid === process.pid) return !heldHere.has(holder.token) && silentMs > MISSED_BEATS_MS;
  return !isAlive(holder.pid) || silentMs > SILENT_HERE_MS;
}

function isAlive(pid: number): boolean {
  // To the system, these numbers mean groups of processes, this one among them.
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}

/** Null when the file is gone or incomplete, or is no file: opening a pipe would take for ever. */
async function readHolder(file: string): Promise<Holder | null> {
  try {
    if (!(await lstat(file)).isFile()) return null;
    return holderSchema().parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return null;
  }
}

const nameOf = (holder: Holder | null): string =>
  holder === null ? "another process" : `process ${holder.pid} on ${holder.host}`;

const sinceOf = (holder: Holder | null): string =>
  holder === null ? "" : `, since ${holder.since}`;

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

const locked = (file: string, holder: Holder | null): SiteragError =>
  new SiteragError(
    "STORE_LOCKED",
    `The store is being written by ${nameOf(holder)}${sinceOf(holder)}. Wait until that run has ended: it may wait up to batching.deadlineMinutes for its batch job. If no such process exists, delete ${file}.`,
  );
