import { fuseRanks } from "../ranking/fuse-ranks.ts";
import { textQuestion } from "../ranking/text-question.ts";
import type { StoredChunk } from "../store/chunk-index.ts";
import type { IndexReader } from "../store/index-reader.ts";
import type { HitScores, ScorePart } from "../words/hits.ts";

/** A chunk that was found, its score, and its rank and score in each search. */
export interface RankedChunk {
  readonly row: StoredChunk;
  readonly score: number;
  readonly scores: HitScores;
}

/** What to search for. Without a vector only full text is searched, without a query only vectors. */
export interface Wanted {
  readonly vector: Float32Array | null;
  readonly query: string | null;
  /** Chunks wanted. */
  readonly limit: number;
  /** Lowest cosine similarity of a chunk found by its vector. */
  readonly minScore: number;
  readonly where: string | undefined;
}

/** Chunks that each search returns beyond the limit, for the fusion to choose from. */
const FUSION_DEPTH = 50;

/** The best chunks, best first: of one search, or of both, fused. */
export async function rankChunks(reader: IndexReader, wanted: Wanted): Promise<RankedChunk[]> {
  const { vector, query, limit, minScore, where } = wanted;
  const isHybrid = vector !== null && query !== null;
  const depth = isHybrid ? limit + FUSION_DEPTH : limit;
  const near = vector === null ? [] : await reader.nearest(vector, depth, where);
  const byVector = near.filter(({ score }) => score >= minScore);
  const byText = query === null ? [] : await reader.matching(textQuestion(query), depth, where);
  const parts = { vector: partsOf(byVector), text: partsOf(byText) };
  const rows = new Map([...byVector, ...byText].map(({ row }) => [row.id, row]));
  const order: readonly (readonly [string, number])[] = isHybrid
    ? fuseRanks([byVector, byText].map((ranking) => ranking.map(({ row }) => row.id)))
    : [...byVector, ...byText].map(({ row, score }) => [row.id, score]);
  return order.slice(0, limit).flatMap(([id, score]) => {
    const row = rows.get(id);
    const scores = { vector: parts.vector.get(id) ?? null, text: parts.text.get(id) ?? null };
    return row === undefined ? [] : [{ row, score, scores }];
  });
}

const partsOf = (ranking: readonly Omit<RankedChunk, "scores">[]): Map<string, ScorePart> =>
  new Map(ranking.map(({ row, score }, at) => [row.id, { rank: at + 1, score }]));
