import { expect, test } from "vitest";
import { RecentVectors } from "../../src/embedding/recent-vectors.ts";

const vector = Float32Array.of(1);

test("beyond a thousand vectors the least recently used one is dropped", () => {
  const recent = new RecentVectors();
  for (let at = 0; at < 1000; at += 1) recent.set(String(at), vector);
  expect(recent.get("0")).toEqual(vector);
  recent.set("one more", vector);
  expect(recent.size).toBe(1000);
  expect(recent.get("0")).toEqual(vector);
  expect(recent.get("1")).toBeUndefined();
});

test("clearing forgets all", () => {
  const recent = new RecentVectors();
  recent.set("a", vector);
  recent.clear();
  expect(recent.size).toBe(0);
  expect(recent.get("a")).toBeUndefined();
});

test("changing a vector that went in or came out changes no stored one", () => {
  const recent = new RecentVectors();
  const given = Float32Array.of(1);
  recent.set("a", given);
  given.fill(0);
  recent.get("a")?.fill(0);
  expect(recent.get("a")).toEqual(vector);
});
