import { describe, expect, it } from "vitest";
import { QueryCache } from "../../src/store/query-cache.ts";
import { openDatabase } from "./open-database.ts";

const SPACE = { provider: "mock", model: "one", dimensions: 2, taskForm: "plain" };

/** How many queries of earlier builds are kept here. */
const LATEST = 200;

const entry = (fingerprint: string, ...numbers: number[]) => ({
  fingerprint,
  vector: Float32Array.from(numbers),
});
const time = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

const group = (name: string, length: number) =>
  Array.from({ length }, (_, at) => entry(`${name}${at}`, 1));

describe("the cache of query vectors", () => {
  it("knows nothing in an empty store", async () => {
    const cache = new QueryCache(await openDatabase(), "chunks");
    expect(await cache.read(["a"])).toEqual(new Map());
    expect(await cache.ofLastBuild()).toEqual(new Set());
  });

  it("reads what was kept, also vectors of several lengths", async () => {
    const cache = new QueryCache(await openDatabase(), "chunks");
    await cache.keep([entry("a", 0.6, 0.8), entry("b", 1, 0, 0)], SPACE, time(0), LATEST);
    const vectors = await cache.read(["a", "b", "c"]);
    expect(vectors.get("a")).toEqual(Float32Array.from([0.6, 0.8]));
    expect(vectors.get("b")).toEqual(Float32Array.from([1, 0, 0]));
    expect(vectors.size).toBe(2);
  });

  it("keeps those of the last build apart from those of earlier ones", async () => {
    const cache = new QueryCache(await openDatabase(), "chunks");
    await cache.keep([entry("a", 1), entry("b", 1)], SPACE, time(0), LATEST);
    await cache.keep([entry("b", 1), entry("c", 1)], SPACE, time(1), LATEST);
    expect(await cache.ofLastBuild()).toEqual(new Set(["b", "c"]));
    expect(await cache.read(["a"])).toHaveProperty("size", 1);
  });

  it("forgets all but so many of the latest others, and none of the last build", async () => {
    const cache = new QueryCache(await openDatabase(), "chunks");
    const last = group("last", 250);
    await cache.keep(group("first", 150), SPACE, time(0), LATEST);
    await cache.keep(group("second", 150), SPACE, time(1), LATEST);
    await cache.keep(last, SPACE, time(2), LATEST);
    const left = async (entries: readonly { fingerprint: string }[]) =>
      (await cache.read(entries.map(({ fingerprint }) => fingerprint))).size;
    expect(await left(last)).toBe(250);
    expect(await left(group("second", 150))).toBe(150);
    expect(await left(group("first", 150))).toBe(50);
  });

  it("goes by the last use of a query, not by the first", async () => {
    const cache = new QueryCache(await openDatabase(), "chunks");
    await cache.keep([entry("often", 1)], SPACE, time(0), LATEST);
    await cache.keep(group("second", 150), SPACE, time(1), LATEST);
    await cache.keep([entry("often", 1)], SPACE, time(2), LATEST);
    await cache.keep(group("fourth", 150), SPACE, time(3), LATEST);
    await cache.keep([], SPACE, time(4), LATEST);
    expect(await cache.learned(SPACE)).toBe(200);
    expect(await cache.read(["often"])).toHaveProperty("size", 1);
  });

  it("forgets those of the build before like any others", async () => {
    const cache = new QueryCache(await openDatabase(), "chunks");
    const last = group("last", 5);
    await cache.keep(group("before", 250), SPACE, time(0), LATEST);
    await cache.keep(last, SPACE, time(1), LATEST);
    expect(await cache.learned(SPACE)).toBe(205);
    expect(await cache.ofLastBuild()).toEqual(new Set(last.map(({ fingerprint }) => fingerprint)));
  });

  it("forgets nothing after an incomplete build, whose queries count as others", async () => {
    const cache = new QueryCache(await openDatabase(), "chunks");
    const last = group("last", 5);
    await cache.keep(last, SPACE, time(0), LATEST);
    await cache.add(group("late", 250), SPACE, time(1));
    expect(await cache.learned(SPACE)).toBe(255);
    expect(await cache.ofLastBuild()).toEqual(new Set(last.map(({ fingerprint }) => fingerprint)));
    await cache.keep(last, SPACE, time(2), LATEST);
    expect(await cache.learned(SPACE)).toBe(205);
  });

  it("keeps more than 200 when the cutoff needs them", async () => {
    const cache = new QueryCache(await openDatabase(), "chunks");
    await cache.keep(group("first", 150), SPACE, time(0), 300);
    await cache.keep(group("second", 150), SPACE, time(1), 300);
    await cache.keep(group("last", 20), SPACE, time(2), 300);
    expect(await cache.learned(SPACE)).toBe(320);
  });

  it("counts a query once, even if several indexes learned it", async () => {
    const database = await openDatabase();
    const other = { ...SPACE, model: "two" };
    const cache = new QueryCache(database, "chunks");
    expect(await cache.learned(SPACE)).toBe(0);
    await cache.keep([entry("a", 1), entry("b", 1)], SPACE, time(0), LATEST);
    await cache.keep([entry("c", 1)], other, time(1), LATEST);
    await new QueryCache(database, "branch").keep([entry("a", 1)], SPACE, time(2), LATEST);
    expect(await cache.learned(SPACE)).toBe(2);
    expect(await cache.learned(other)).toBe(1);
  });

  it("shares vectors between indexes, and does not change the last build of another", async () => {
    const database = await openDatabase();
    const main = new QueryCache(database, "chunks");
    const branch = new QueryCache(database, "branch");
    await main.keep([entry("a", 1)], SPACE, time(0), LATEST);
    await branch.keep([entry("b", 1)], SPACE, time(1), LATEST);
    expect(await main.ofLastBuild()).toEqual(new Set(["a"]));
    expect(await branch.read(["a"])).toHaveProperty("size", 1);
  });
});
