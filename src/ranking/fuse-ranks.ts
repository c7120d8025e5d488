/**
 * Dampens the weight of the first ranks: the constant of Cormack, Clarke and Büttcher, "Reciprocal
 * Rank Fusion outperforms Condorcet and individual rank learning methods", SIGIR 2009.
 */
const RANK_CONSTANT = 60;

/** Fuses rankings (ids, best first) by reciprocal rank: ids with scores, best first, then by id. */
export function fuseRanks(rankings: readonly (readonly string[])[]): [string, number][] {
  const scores = new Map<string, number>();
  for (const ranking of rankings) {
    for (const [index, id] of ranking.entries()) {
      scores.set(id, (scores.get(id) ?? 0) + 1 / (RANK_CONSTANT + index + 1));
    }
  }
  return [...scores].sort(
    ([id, score], [otherId, other]) => other - score || (id < otherId ? -1 : 1),
  );
}
