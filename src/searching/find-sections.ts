import { fuseRanks } from "../ranking/fuse-ranks.ts";
import type { RankedPage } from "../ranking/term-source.ts";
import type { SiteReader } from "../reader/open-reader.ts";
import type { IndexReader } from "../store/index-reader.ts";
import { whereOf } from "../store/row-filter.ts";
import type { HitScores, SearchFilter } from "../words/hits.ts";
import { lookDeeper } from "./look-deeper.ts";
import { nearSections, type NearSection } from "./near-sections.ts";

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
  readonly sections: readonly FoundSection[];
  readonly pages: readonly FoundPage[];
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
  words: SiteReader,
  { query, filter, signal }: Pick<Wanted, "query" | "filter" | "signal">,
): Promise<Found> {
  const pages = await words.rankPages(query, filter, signal);
  return foundByWords(pages, listOf(pages));
}

/** Searches by words, by vectors, or by both, and fuses what they find: sections, and pages. */
export async function findSections(
  reader: IndexReader,
  words: SiteReader,
  wanted: Wanted,
): Promise<Found> {
  const { filter, isHybrid, query, signal, vector } = wanted;
  const pages = await words.rankPages(query, filter, signal);
  const byWords = listOf(pages);
  if (vector === null) return foundByWords(pages, byWords);
  const near = await searchNear(reader, words, vector, byWords, wanted);
  const ofPages = await pagesOf(words, near, isHybrid ? pages : []);
  return fused(isHybrid ? byWords : NOTHING, near, ofPages, wanted.weights);
}

/** Sections in the order of a list, and their places in it. */
interface List {
  readonly ids: readonly number[];
  readonly scores: ReadonlyMap<number, { readonly rank: number; readonly score: number }>;
}

const NOTHING: List = { ids: [], scores: new Map() };

const toList = (ranked: readonly { readonly section: number; readonly score: number }[]): List => ({
  ids: ranked.map(({ section }) => section),
  scores: new Map(ranked.map(({ section, score }, at) => [section, { rank: at + 1, score }])),
});

/** The sections of ranked pages, best first; equals in the order of the site. */
const listOf = (pages: readonly RankedPage[]): List =>
  toList(
    pages
      .flatMap(({ sections }) => sections)
      .sort((one, other) => other.score - one.score || one.section - other.section),
  );

function foundByWords(pages: readonly RankedPage[], { ids, scores }: List): Found {
  const found = (section: number): FoundSection => {
    const text = scores.get(section) ?? null;
    return { section, score: text?.score ?? 0, scores: { vector: null, text } };
  };
  return {
    sections: ids.map(found),
    pages: pages.map(({ score, sections }) => ({
      score,
      sections: sections.map(({ section }) => found(section)),
    })),
  };
}

/** Looks deeper where one page, or one long section, fills the first ranks. */
async function searchNear(
  reader: IndexReader,
  words: SiteReader,
  vector: Float32Array,
  { scores }: List,
  { filter, groupByPage, limit, minScore }: Wanted,
): Promise<readonly NearSection[]> {
  const rankByWords = (section: number): number => scores.get(section)?.rank ?? Infinity;
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

function fused(
  byWords: List,
  near: readonly NearSection[],
  { byVector, byWords: pagesByWords, keys }: Pages,
  weights: Weights,
): Found {
  const nearest = toList(near);
  const isHybrid = byWords.ids.length > 0;
  const fuse = <Id>(text: readonly Id[], vector: readonly Id[]) =>
    fuseRanks([
      { ids: text, weight: weights.text },
      { ids: vector, weight: weights.vector },
    ]);
  const sections = fuse(byWords.ids, nearest.ids).map(([section, score]): FoundSection => {
    const vector = nearest.scores.get(section) ?? null;
    const scores = { vector, text: byWords.scores.get(section) ?? null };
    return { section, score: isHybrid ? score : (vector?.score ?? 0), scores };
  });
  const ofPage = Map.groupBy(sections, ({ section }) => keys.get(section) ?? "");
  const pages = fuse(pagesByWords, byVector).map(([key, score]): FoundPage => {
    const own = ofPage.get(key) ?? [];
    return { score: isHybrid ? score : (own[0]?.score ?? 0), sections: own };
  });
  return { sections, pages };
}
