/**
 * Compares each page of a store with all chunks of the others, without any shortcut: folder of the store. Prints each
 * page with the five pages of which a chunk comes nearest to the mean of its own chunks.
 */
import { connect } from "@lancedb/lancedb";

const [uri] = process.argv.slice(2);
const table = await (await connect(uri)).openTable("chunks");
const pages = new Map();
for (const { page, vector } of await table.query().select(["page", "vector"]).toArray()) {
  const chunks = pages.get(page) ?? [];
  chunks.push(Float32Array.from(vector));
  pages.set(page, chunks);
}

const product = (one, other) => {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += one[at] * other[at];
  return sum;
};

const sumOf = (vectors) => {
  const sum = new Float32Array(vectors[0].length);
  for (const vector of vectors) for (let at = 0; at < sum.length; at += 1) sum[at] += vector[at];
  return sum;
};

const related = [...pages]
  .sort(([one], [other]) => (one < other ? -1 : 1))
  .map(([page, own]) => {
    const sum = sumOf(own);
    const scores = [...pages].flatMap(([other, chunks]) =>
      other === page ? [] : [[other, Math.max(...chunks.map((chunk) => product(sum, chunk)))]],
    );
    scores.sort(
      ([one, score], [other, otherScore]) => otherScore - score || (one < other ? -1 : 1),
    );
    return [page, ...scores.slice(0, 5).map(([other]) => other)];
  });
process.stdout.write(JSON.stringify(related), () => process.exit());
