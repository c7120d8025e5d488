import { fuseRanks } from "../ranking/fuse-ranks.ts";
import type { RankedPage } from "../ranking/term-source.ts";
import type { SiteReader } from "../reader/open-reader.ts";
import type { IndexReader } from "../store/index-reader.ts";
import { whereOf } from "../store/row-filter.ts";
import type { HitScores, SearchFilter } from "../words/hits.ts";
import { lookDeeper } from "./look-deeper.ts";
import { nearSections, type NearSection } from "./near-sections.ts";
import { wordList, type WordList } from "./word-list.ts";

/** A section that was found, with its place and score in each search. */
export interface FoundSection {
  /** Its number in the readers' index. */
  readonly section: number;
  readonly score: number;
  readonly scores: HitScores;
}

/** A page with those of its sections that were found, best first. */
interface FoundPage {
  readonly score: number;
  readonly sections: readonly FoundSection[];
}

/** What a search has found, best first. */
export interface Found {
  /** The first sections, so many at most. */
  readonly sections: (most: number) => readonly FoundSection[];
  readonly pages: () => Promise<readonly FoundPage[]>;
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
export async function findByWords(words: SiteReader, wanted: WordsWanted): Promise<Found> {
  const { query, filter, signal } = wanted;
  const { placeOf, ranked } = await listByWords(words, wanted);
  const found = (section: number): FoundSection => {
    const text = placeOf(section);
    return { section, score: text?.score ?? 0, scores: { vector: null, text } };
  };
  return {
    sections: (most) => ranked.slice(0, most).map(({ section }) => found(section)),
    async pages() {
      const pages = await words.rankPages(query, filter, signal);
      return pages.map(({ score, sections }) => ({
        score,
        sections: sections.map(({ section }) => found(section)),
      }));
    },
  };
}

type WordsWanted = Pick<Wanted, "query" | "filter" | "signal">;

const listByWords = async (
  words: SiteReader,
  { query, filter, signal }: WordsWanted,
): Promise<WordList> => wordList(await words.rank(query, filter, signal), words.manifest.sections);

/** Searches by words, by vectors, or by both, and fuses what they find: sections, and pages. */
export async function findSections(
  reader: IndexReader,
  words: SiteReader,
  wanted: Wanted,
): Promise<Found> {
  const { filter, isHybrid, query, signal, vector } = wanted;
  if (vector === null) return findByWords(words, wanted);
  const byWords = await listByWords(words, wanted);
  const near = await searchNear(reader, words, vector, byWords, wanted);
  const fuse = fusing(isHybrid ? byWords : NOTHING, near, wanted.weights);
  return {
    sections: fuse.sections,
    async pages() {
      const pages = isHybrid ? await words.rankPages(query, filter, signal) : [];
      return fuse.pages(await pagesOf(words, near, pages));
    },
  };
}

/** Looks deeper where one page, or one long section, fills the first ranks. */
async function searchNear(
  reader: IndexReader,
  words: SiteReader,
  vector: Float32Array,
  { placeOf }: WordList,
  { filter, groupByPage, limit, minScore }: Wanted,
): Promise<readonly NearSection[]> {
  const rankByWords = (section: number): number => placeOf(section)?.rank ?? Infinity;
  const where = whereOf(filter);
  const most = groupByPage ? Math.min(limit, reader.published.pages) : limit;
  let sections: readonly NearSection[] = [];
  await lookDeeper(
    Math.max(LEAST_CHUNKS, most * CHUNKS_PER_HIT),
    async (depth) => {
      const wanted = { vector, depth, minScore, where, rankByWords };
      const near = await nearSections(reader, words, wanted);
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
  words: SiteReader,
  near: readonly NearSection[],
  pages: readonly RankedPage[],
): Promise<Pages> {
  const keys = new Map<number, string>();
  const byVector = [...new Set(near.map(({ page }) => page))];
  for (const page of byVector)
    for (const section of await words.sectionsOf(page)) keys.set(section, page);
  const byWords = pages.map(({ page, sections }) => {
    // A page that has no vector near by needs no name, only a key of its own.
    const key = keys.get(sections[0]?.section ?? -1) ?? `\n${page}`;
    for (const { section } of sections) keys.set(section, key);
    return key;
  });
  return { byVector, byWords, keys };
}

const NOTHING = wordList([], 0);

/** Fuses the sections that words find with those near a vector. */
function fusing(byWords: WordList, near: readonly NearSection[], weights: Weights) {
  const isHybrid = byWords.ranked.length > 0;
  const places = new Map(
    near.map(({ score, section }, at) => [section, { rank: at + 1, score }] as const),
  );
  const fuse = <Id>(text: readonly Id[], vector: readonly Id[], later?: ReadonlyMap<Id, number>) =>
    fuseRanks([
      { ids: text, later, weight: weights.text },
      { ids: vector, weight: weights.vector },
    ]);

  /** A section that only words find is below as many as are before it in their list: the first ones are enough. */
  function sections(most: number): FoundSection[] {
    const first = byWords.ranked.slice(0, most).map(({ section }) => section);
    const later = near.flatMap(({ section }) => {
      const rank = byWords.placeOf(section)?.rank ?? 0;
      return rank > most ? [[section, rank - 1] as const] : [];
    });
    const fused = fuse(first, [...places.keys()], new Map(later)).slice(0, most);
    return fused.map(([section, score]) => {
      const vector = places.get(section) ?? null;
      const scores = { vector, text: byWords.placeOf(section) };
      return { section, score: isHybrid ? score : (vector?.score ?? 0), scores };
    });
  }

  function pages({ byVector, byWords: pagesByWords, keys }: Pages): FoundPage[] {
    const ofPage = Map.groupBy(sections(Infinity), ({ section }) => keys.get(section) ?? "");
    return fuse(pagesByWords, byVector).map(([key, score]) => {
      const own = ofPage.get(key) ?? [];
      return { score: isHybrid ? score : (own[0]?.score ?? 0), sections: own };
    });
  }

  return { sections, pages };
}
