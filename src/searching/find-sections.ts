import { fuseRanks } from "../ranking/fuse-ranks.ts";
import { RankedSections } from "../ranking/ranked-sections.ts";
import type { RankedPage, RankedSection } from "../ranking/term-source.ts";
import type { NumberedSections } from "../reader/numbered-sections.ts";
import type { IndexReader } from "../store/index-reader.ts";
import { whereOf } from "../store/row-filter.ts";
import type { HitScores, SearchFilter } from "../words/hits.ts";
import { lookDeeper } from "./look-deeper.ts";
import {
  nearSections,
  type ChunkPlaces,
  type NearSection,
  type NearWanted,
} from "./near-sections.ts";
import type { Words } from "./open-words.ts";
import { placesOf, type Places } from "./word-places.ts";

/** A page with those of its sections that were found, best first. */
export type FoundPage = Pick<RankedPage, "score" | "sections">;

/** What a search has found, best first: sections by their numbers in the readers' index. */
export interface Found {
  /** The first sections, so many at most. */
  readonly sections: (most: number) => readonly RankedSection[];
  readonly pages: () => Promise<readonly FoundPage[]>;
  /** Place and score of some of them in each search. */
  readonly scoresOf: (sections: readonly number[]) => (section: number) => HitScores;
}

/** The chunks of an index, by their vectors. */
interface ChunkSource extends Pick<IndexReader, "nearest"> {
  readonly published: Pick<IndexReader["published"], "pages">;
}

/** What a ranking by words needs of a build. */
type Ranked = Pick<NumberedSections, "rank" | "rankPages" | "sectionsOf">;

/** The words of the same rows, and the sections of chunks. */
interface ChunkWords extends Pick<Words, "chunkSections"> {
  readonly reader: Ranked;
}

/** How much each list counts in a hybrid search. */
export interface Weights {
  readonly vector: number;
  readonly text: number;
}

/** What to search for. */
export interface Wanted {
  readonly query: string;
  /** Of the query, with unit length; null: words alone are searched. */
  readonly vector: Float32Array | null;
  /** Whether words are searched, too, where there is a vector. */
  readonly isHybrid: boolean;
  /** Sections wanted, or pages. */
  readonly limit: number;
  readonly groupByPage: boolean;
  /** Lowest cosine similarity of what is found by its vector. */
  readonly minScore: number;
  readonly filter: SearchFilter;
  readonly weights: Weights;
  readonly signal: AbortSignal | undefined;
}

/** Chunks of the first search by vectors, at least, and for every section or page wanted. */
const LEAST_CHUNKS = 50;
const CHUNKS_PER_HIT = 5;

/** Searches by words alone. */
export async function findByWords(
  reader: Ranked,
  { query, filter, signal }: Pick<Wanted, "query" | "filter" | "signal">,
): Promise<Found> {
  const ranked = await reader.rank(query, filter, signal);
  return {
    sections: (most) => ranked.best(most),
    pages: () => reader.rankPages(ranked, signal),
    scoresOf: (sections) => scoresIn(new Map(), placesOf(ranked, sections)),
  };
}

const scoresIn =
  (byVector: Places, byWords: Places) =>
  (section: number): HitScores => ({
    vector: byVector.get(section) ?? null,
    text: byWords.get(section) ?? null,
  });

/** Searches by words, by vectors, or by both, and fuses what they find: sections, and pages. */
export async function findSections(
  index: ChunkSource,
  words: ChunkWords,
  wanted: Wanted,
): Promise<Found> {
  const { filter, isHybrid, query, signal, vector } = wanted;
  const { chunkSections, reader } = words;
  if (vector === null || chunkSections === null) return findByWords(reader, wanted);
  const ranking = reader.rank(query, filter, signal);
  const near = await searchNear(index, { chunkSections, reader }, { ...wanted, vector, ranking });
  const ranked = await ranking;
  const fuse = fusing(isHybrid ? ranked : NOTHING, near, wanted.weights);
  return {
    ...fuse,
    async pages() {
      const pages = isHybrid ? await reader.rankPages(ranked, signal) : [];
      return fuse.pages(await pagesOf(reader, near, pages));
    },
  };
}

/** Looks deeper where one page, or one long section, fills the first ranks. */
async function searchNear(
  index: ChunkSource,
  places: ChunkPlaces,
  wanted: Wanted & Pick<NearWanted, "vector" | "ranking">,
): Promise<readonly NearSection[]> {
  const { filter, groupByPage, limit, minScore, ranking, vector } = wanted;
  const where = whereOf(filter);
  const most = groupByPage ? Math.min(limit, index.published.pages) : limit;
  let sections: readonly NearSection[] = [];
  await lookDeeper(
    Math.max(LEAST_CHUNKS, most * CHUNKS_PER_HIT),
    async (depth) => {
      const near = await nearSections(index, places, { vector, depth, minScore, where, ranking });
      ({ sections } = near);
      return { length: near.chunks };
    },
    () => countOf(sections, groupByPage) >= most,
  );
  return sections;
}

const countOf = (sections: readonly NearSection[], groupByPage: boolean): number =>
  groupByPage ? new Set(sections.map(({ page }) => page)).size : sections.length;

/** The pages of each list, best first, by a key that both lists share; and the key of each section. */
interface Pages {
  readonly byVector: readonly string[];
  readonly byWords: readonly string[];
  readonly keys: ReadonlyMap<number, string>;
}

async function pagesOf(
  reader: Ranked,
  near: readonly NearSection[],
  pages: readonly RankedPage[],
): Promise<Pages> {
  const keys = new Map<number, string>();
  const byVector = [...new Set(near.map(({ page }) => page))];
  for (const page of byVector)
    for (const section of await reader.sectionsOf(page)) keys.set(section, page);
  const byWords = pages.map(({ page, sections }) => {
    // A page that has no vector near by needs no name, only a key of its own.
    const key = keys.get(sections[0]?.section ?? -1) ?? `\n${page}`;
    for (const { section } of sections) keys.set(section, key);
    return key;
  });
  return { byVector, byWords, keys };
}

const NOTHING = new RankedSections([], new Float64Array());

/** Fuses the sections that words find with those near a vector. */
function fusing(ranked: RankedSections, near: readonly NearSection[], weights: Weights) {
  const isHybrid = ranked.numbers.length > 0;
  const places = new Map(
    near.map(({ score, section }, at) => [section, { rank: at + 1, score }] as const),
  );
  const fuse = <Id>(text: readonly Id[], vector: readonly Id[], later?: ReadonlyMap<Id, number>) =>
    fuseRanks([
      { ids: text, later, weight: weights.text },
      { ids: vector, weight: weights.vector },
    ]);

  /** A section that only words find is below as many as are before it in their list: the first ones are enough. */
  function sections(most: number): RankedSection[] {
    const first = new Set(ranked.best(most).map(({ section }) => section));
    const others = [...places.keys()].filter((section) => !first.has(section));
    const later = placesOf(ranked, others);
    const ranks = new Map([...later].map(([section, { rank }]) => [section, rank - 1]));
    const fused = fuse([...first], [...places.keys()], ranks).slice(0, most);
    return fused.map(([section, score]) => ({
      section,
      score: isHybrid ? score : (places.get(section)?.score ?? 0),
    }));
  }

  function pages({ byVector, byWords: pagesByWords, keys }: Pages): FoundPage[] {
    const ofPage = Map.groupBy(sections(Infinity), ({ section }) => keys.get(section) ?? "");
    return fuse(pagesByWords, byVector).map(([key, score]) => {
      const own = ofPage.get(key) ?? [];
      return { score: isHybrid ? score : (own[0]?.score ?? 0), sections: own };
    });
  }

  return {
    sections,
    pages,
    scoresOf: (wanted: readonly number[]) => scoresIn(places, placesOf(ranked, wanted)),
  };
}
