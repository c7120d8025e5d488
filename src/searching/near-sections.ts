import type { NumberedSections } from "../reader/numbered-sections.ts";
import type { RankedSections } from "../ranking/ranked-sections.ts";
import type { IndexReader } from "../store/index-reader.ts";
import type { SectionInChunk, SectionsOfChunk } from "./chunk-sections.ts";

/** A section whose chunk is near a query's vector. */
export interface NearSection {
  /** Its number in the readers' index. */
  readonly section: number;
  /** Id of its page. */
  readonly page: string;
  /** Cosine similarity of its chunk. */
  readonly score: number;
}

/** What to look for by vectors. */
export interface NearWanted {
  /** Unit length. */
  readonly vector: Float32Array;
  /** Chunks to look at. */
  readonly depth: number;
  /** Lowest cosine similarity. */
  readonly minScore: number;
  readonly where: string | undefined;
  /** What the query's words find; the search by vectors does not wait for it. */
  readonly ranking: Promise<RankedSections>;
}

/** What knows the sections of chunks. */
export interface ChunkPlaces {
  readonly reader: Pick<NumberedSections, "sectionsOf">;
  readonly chunkSections: () => Promise<SectionsOfChunk>;
}

/** Sections near a vector, best first, each once; and how many chunks near enough the store had for them. */
export interface NearFound {
  readonly sections: readonly NearSection[];
  readonly chunks: number;
}

/**
 * Finds the sections of the chunks that are nearest to a vector. Of a chunk of several sections, it
 * takes the one that the query's words find first, or else the first with text.
 */
export async function nearSections(
  reader: Pick<IndexReader, "nearest">,
  { chunkSections, reader: words }: ChunkPlaces,
  { vector, depth, minScore, ranking, where }: NearWanted,
): Promise<NearFound> {
  const [all, sectionsOfChunk, { scoreOf }] = await Promise.all([
    reader.nearest(vector, depth, where),
    chunkSections(),
    ranking,
  ]);
  const near = all.filter(({ score }) => score >= minScore);
  const found = new Map<number, NearSection>();
  for (const { row, score } of near) {
    const { page, position } = row;
    const [first] = await words.sectionsOf(page);
    const candidates = first === undefined ? [] : sectionsOfChunk(first, position);
    const section = chosenOf(candidates, scoreOf);
    if (section !== undefined && !found.has(section)) found.set(section, { section, page, score });
  }
  return { sections: [...found.values()], chunks: near.length };
}

const chosenOf = (
  candidates: readonly SectionInChunk[],
  scoreOf: RankedSections["scoreOf"],
): number | undefined =>
  candidates.toSorted(
    ({ hasText, section }, other) =>
      scoreOf(other.section) - scoreOf(section) ||
      (scoreOf(section) > 0 ? section - other.section : Number(other.hasText) - Number(hasText)),
  )[0]?.section;
