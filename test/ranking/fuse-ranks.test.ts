import fc from "fast-check";
import { expect, test } from "vitest";
import { fuseRanks } from "../../src/ranking/fuse-ranks.ts";

const idsOf = (...rankings: readonly (readonly [string, number])[]): string[] =>
  fuseRanks(rankings.map(([ids, weight]) => ({ ids: ids.split(" ").filter(Boolean), weight }))).map(
    ([id]) => id,
  );

test("a hit in both lists is above one at the same rank in one list", () => {
  expect(idsOf(["a b c", 1], ["d b e", 1])[0]).toBe("b");
  expect(idsOf(["a b", 1], ["a c", 1])).toEqual(["a", "b", "c"]);
});

test("a list that counts little changes the order of neighbours, and not what the other is sure of", () => {
  expect(idsOf(["a b c d e", 1], ["e d c b a", 0.15])[0]).toBe("a");
  expect(idsOf(["x y z", 0.15], ["a b c", 1])).toEqual(["a", "b", "c", "x", "y", "z"]);
});

test("one list alone keeps its order, whatever its weight", () => {
  expect(idsOf(["a b c", 0.15])).toEqual(["a", "b", "c"]);
  expect(idsOf(["", 1], ["a b c", 0.15])).toEqual(["a", "b", "c"]);
  expect(idsOf(["a b c", 0])).toEqual(["a", "b", "c"]);
  expect(fuseRanks([])).toEqual([]);
});

test("the top of a list is never below hits that are mediocre in both", () => {
  const many = Array.from({ length: 12 }, (_, at) => `m${at}`).join(" ");
  const fused = idsOf([`exact g1 g2 ${many}`, 1], [`h1 h2 h3 ${many}`, 1]);
  expect(fused.indexOf("exact")).toBeLessThan(fused.indexOf("m0"));
  expect(fused.indexOf("h1")).toBeLessThan(fused.indexOf("m0"));
});

test("the law of the exact hit holds for any lists, and every id comes once", () => {
  const ids = fc.uniqueArray(fc.nat({ max: 40 }), { maxLength: 30 });
  const weight = fc.constantFrom(0.15, 0.5, 1);
  fc.assert(
    fc.property(ids, ids, weight, weight, (one, other, oneWeight, otherWeight) => {
      const fused = fuseRanks([
        { ids: one, weight: oneWeight },
        { ids: other, weight: otherWeight },
      ]).map(([id]) => id);
      expect(fused).toHaveLength(new Set(fused).size);
      expect(new Set(fused)).toEqual(new Set([...one, ...other]));
      const [list] = oneWeight >= otherWeight ? [one, other] : [other, one];
      const [top] = list;
      if (top === undefined) return;
      const rankIn = (ranking: readonly number[], id: number) =>
        ranking.includes(id) ? ranking.indexOf(id) : Infinity;
      for (const id of fused.slice(0, fused.indexOf(top)))
        expect(Math.min(rankIn(one, id), rankIn(other, id))).toBeLessThan(3);
    }),
  );
});
