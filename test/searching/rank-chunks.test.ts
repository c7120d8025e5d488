import { expect, test } from "vitest";
import { rankChunks } from "../../src/searching/rank-chunks.ts";
import type { IndexReader } from "../../src/store/index-reader.ts";
import { withReader } from "../../src/store/index-reader.ts";
import { axis, rowOf } from "../store/open-database.ts";
import { newTarget, published, write } from "../store/target.ts";

/** Unit vector, the nearer to the first axis the smaller `away` is. */
function near(away: number): Float32Array {
  const length = Math.hypot(1, away);
  return Float32Array.from([1 / length, away / length, 0, 0]);
}

/** `both` is 11th by its vector and 11th by its words; ten others are better, at one of them each. */
async function withRows<Value>(use: (reader: IndexReader) => Promise<Value>): Promise<Value> {
  const target = await newTarget();
  const tens = Array.from({ length: 10 }, (_, at) => [
    rowOf(`vector-${at}`, { vector: near(at / 100), text: "Other things." }),
    rowOf(`text-${at}`, { vector: null, vectorFingerprint: null, text: "caching ".repeat(10) }),
  ]);
  const both = rowOf("both", { vector: near(0.5), text: "On caching and many other things." });
  await write(target, async ({ chunks }) => {
    await chunks.write([...tens.flat(), both], []);
    await chunks.publish(published);
  });
  return withReader(target, use);
}

const WANTED = { minScore: -1, where: undefined };

test("what both searches find is put up for fusion though neither has it among its first hits", async () => {
  const ranked = await withRows((reader) =>
    rankChunks(reader, { ...WANTED, vector: axis(0), query: "caching", limit: 1 }),
  );
  expect(ranked.map(({ row, scores }) => [row.id, scores.vector?.rank, scores.text?.rank])).toEqual(
    [["both", 11, 11]],
  );
});

test("one search alone keeps its own order and scores", async () => {
  await withRows(async (reader) => {
    const shared = { ...WANTED, limit: 2 };
    const byVector = await rankChunks(reader, { ...shared, vector: axis(0), query: null });
    expect(byVector.map(({ row, scores }) => [row.id, scores])).toEqual([
      ["vector-0", { vector: { rank: 1, score: 1 }, text: null }],
      ["vector-1", { vector: { rank: 2, score: expect.closeTo(0.99995, 5) }, text: null }],
    ]);
    const byText = await rankChunks(reader, { ...shared, vector: null, query: "caching" });
    expect(byText.map(({ row, scores }) => [row.id, scores.vector, scores.text?.rank])).toEqual([
      ["text-0", null, 1],
      ["text-1", null, 2],
    ]);
  });
});
