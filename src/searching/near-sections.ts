import type { SiteReader } from "../reader/open-reader.ts";
import type { SectionFacts } from "../reader/section-facts.ts";
import type { StoredChunk } from "../store/chunk-index.ts";
import type { IndexReader } from "../store/index-reader.ts";
import { pageUrl } from "../words/page-url.ts";
import type { ChunkSection } from "../words/types.ts";

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
  /** What the query's words score a section; 0 if they do not find it. */
  readonly scoreByWords: (section: number) => number;
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
  words: SiteReader,
  { vector, depth, minScore, where, scoreByWords }: NearWanted,
): Promise<NearFound> {
  const all = await reader.nearest(vector, depth, where);
  const near = all.filter(({ score }) => score >= minScore);
  // All at once: what has to be read for them is read together.
  const ids = [...new Set(near.map(({ row }) => row.page))];
  const ofPages = await Promise.all(ids.map((page) => numberedSections(words, page)));
  const pages = new Map(ids.map((page, at) => [page, ofPages[at] ?? []]));
  const found = new Map<number, NearSection>();
  for (const { row, score } of near) {
    const section = chosenOf(row, pages.get(row.page) ?? [], scoreByWords);
    if (section !== null && !found.has(section))
      found.set(section, { section, page: row.page, score });
  }
  return { sections: [...found.values()], chunks: near.length };
}

interface Numbered extends Pick<SectionFacts, "url" | "headings"> {
  readonly number: number;
}

async function numberedSections(words: SiteReader, page: string): Promise<Numbered[]> {
  const numbers = await words.sectionsOf(page);
  const facts = await words.sections(numbers);
  return numbers.flatMap((number, at) => {
    const one = facts[at];
    return one === undefined ? [] : [{ number, url: one.url, headings: one.headings }];
  });
}

function chosenOf(
  row: StoredChunk,
  ofPage: readonly Numbered[],
  scoreByWords: NearWanted["scoreByWords"],
): number | null {
  const candidates = row.sections.flatMap((named, at) => {
    const own = ofPage.filter((one) => isOf(one, named, row.url));
    const text = row.text.slice(named.offset, row.sections[at + 1]?.offset);
    return own.map(({ number }) => ({ number, hasText: hasText(named, text) }));
  });
  // A page's first chunk is also that of its title, which may have no text of its own.
  const titles = row.position === 0 ? ofPage.filter(({ headings }) => headings.length === 0) : [];
  candidates.push(...titles.map(({ number }) => ({ number, hasText: false })));
  const [first] = candidates.toSorted(
    (one, other) =>
      scoreByWords(other.number) - scoreByWords(one.number) ||
      Number(other.hasText) - Number(one.hasText),
  );
  return first?.number ?? null;
}

function isOf({ url, headings }: Numbered, named: ChunkSection, chunkUrl: string): boolean {
  const { anchor, heading, trail } = named;
  const page = pageUrl(chunkUrl);
  const own = heading === null ? trail : [...trail, heading];
  return (
    url === (anchor === null ? page : `${page}#${anchor}`) && own.join("\n") === headings.join("\n")
  );
}

/** Whether a section has more in a chunk than its heading's line. */
const hasText = ({ heading }: ChunkSection, text: string): boolean =>
  (heading === null ? text : text.replace(/^.*(?:\n|$)/u, "")).trim() !== "";
