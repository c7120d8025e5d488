import { expect, test } from "vitest";
import { keepOpen } from "../../src/words/keep-open.ts";

interface Opened {
  readonly key: string;
  close(): void;
}

/** Values that note when they are opened and closed; time passes by `pass` alone. */
function kept(mostIdle = 4) {
  const log: string[] = [];
  const ends = new Set<() => void>();
  const later = (end: () => void): (() => void) => {
    ends.add(end);
    return () => ends.delete(end);
  };
  const open = async (key: string): Promise<Opened> => {
    log.push(`open ${key}`);
    return { key, close: () => log.push(`close ${key}`) };
  };
  const use = keepOpen(open, { idleMs: 1, mostIdle, later });
  async function pass(): Promise<void> {
    for (const end of ends) end();
    ends.clear();
    await Promise.resolve();
  }
  return { log, pass, use };
}

test("a thousand uses open a value once, twenty at the same time too", async () => {
  const { log, pass, use } = kept();
  for (let round = 0; round < 50; round += 1) {
    const all = Array.from({ length: 20 }, () => use("a", ({ key }) => Promise.resolve(key)));
    expect(new Set(await Promise.all(all))).toEqual(new Set(["a"]));
  }
  expect(log).toEqual(["open a"]);
  await pass();
  expect(log).toEqual(["open a", "close a"]);
});

test("what is in use is not closed, however long that takes", async () => {
  const { log, pass, use } = kept();
  await use("a", () => Promise.resolve());
  const { promise, resolve } = Promise.withResolvers<void>();
  const using = use("a", () => promise);
  await pass();
  expect(log).toEqual(["open a"]);
  resolve();
  await using;
  await pass();
  expect(log).toEqual(["open a", "close a"]);
});

test("after it was closed, the next use opens it again", async () => {
  const { log, pass, use } = kept();
  await use("a", () => Promise.resolve());
  await pass();
  await use("a", () => Promise.resolve());
  expect(log).toEqual(["open a", "close a", "open a"]);
});

test("of the idle ones, those used last stay open", async () => {
  const { log, use } = kept(2);
  for (const key of ["a", "b", "a", "c"]) await use(key, () => Promise.resolve());
  await Promise.resolve();
  expect(log).toEqual(["open a", "open b", "open c", "close b"]);
});

test("what could not be opened is tried again", async () => {
  let tries = 0;
  const open = async (): Promise<Opened> => {
    tries += 1;
    if (tries === 1) throw new Error("no disk");
    return { key: "a", close: () => undefined };
  };
  const use = keepOpen(open, { idleMs: 1, mostIdle: 1, later: () => () => undefined });
  await expect(use("a", () => Promise.resolve())).rejects.toThrow("no disk");
  expect(await use("a", ({ key }) => Promise.resolve(key))).toBe("a");
});

test("a use that fails leaves the value open for the others", async () => {
  const { log, use } = kept();
  const failed = use("a", () => Promise.reject(new Error("no such page")));
  await expect(failed).rejects.toThrow("no such page");
  expect(await use("a", ({ key }) => Promise.resolve(key))).toBe("a");
  expect(log).toEqual(["open a"]);
});
