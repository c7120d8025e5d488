import { expect, test } from "vitest";
import { RecentVectors } from "../../src/embedding/recent-vectors.ts";

const vector = Float32Array.of(1);

test("of more than a thousand vectors, the one not used for longest is forgotten", () => {
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

test("who changes a vector that was given or handed out changes no other", () => {
  const recent = new RecentVectors();
  const given = Float32Array.of(1);
  recent.set("a", given);
  given.fill(0);
  recent.get("a")?.fill(0);
  expect(recent.get("a")).toEqual(vector);
});
