import type { IndexedSection } from "../ranking/section.ts";
import type { Row } from "../words/hits.ts";
import { pageUrl } from "../words/page-url.ts";
import type { ChunkSection } from "../words/types.ts";

/** What the readers' index takes from a chunk's row. */
export type PlacedText = Pick<
  Row,
  "id" | "page" | "url" | "title" | "text" | "sections" | "locale" | "version"
>;

/** How the ids of later parts of a split section end. */
const LATER_PART = /~\d+(?:@\d+)?$/u;

/** A heading as chunks show it, also where it begins an item of a list or a quotation. */
const HEADING_LINE = /^[ \t]*(?:(?:[-*+>]|\d+[.)])[ \t]+)*#{1,6}(?:[ \t][^\n]*)?(?:\n|$)/u;

/** A section with the chunks in which it lies. */
export interface PlacedSection {
  readonly section: IndexedSection;
  readonly chunks: readonly InChunk[];
}

interface InChunk {
  /** Index of the chunk among those of the page. */
  readonly at: number;
  /** Whether the chunk has more of the section than the line of its heading. */
  readonly hasText: boolean;
}

interface Begun {
  readonly named: ChunkSection;
  readonly of: PlacedText;
  readonly parts: string[];
  readonly chunks: InChunk[];
}

/**
 * The sections of a page from all its chunks, which must be in the order of the page. A section that lies
 * in several chunks is put together again, without the sentences that a chunk repeats of the one before.
 * A page that begins with another heading than its title has a section for its title first.
 * A block of code or a table that was torn stays in parts, each with its own fence or header row.
 */
export function sectionsOfPage(chunks: readonly PlacedText[]): PlacedSection[] {
  const sections: Begun[] = [];
  let textBefore = "";
  for (const [number, chunk] of chunks.entries()) {
    const isLater = LATER_PART.test(chunk.id);
    const repeated = isLater ? repeatedLength(textBefore, chunk.text) : 0;
    for (const [at, named] of chunk.sections.entries()) {
      const end = chunk.sections[at + 1]?.offset;
      const text = chunk.text.slice(Math.max(named.offset, repeated), end);
      const known =
        at === 0 && isLater ? sections.findLast((one) => isSame(one.named, named)) : undefined;
      const begun = known ?? { named, of: chunk, parts: [], chunks: [] };
      if (known === undefined) sections.push(begun);
      begun.parts.push(known === undefined ? ownText(named, text) : text);
      const hasText = ownText(named, chunk.text.slice(named.offset, end)).trim() !== "";
      begun.chunks.push({ at: number, hasText });
    }
    textBefore = chunk.text;
  }
  const [first] = sections;
  if (first !== undefined && isBelowTitle(first.named, first.of.title)) {
    const named = { ...first.named, heading: null, trail: [], anchor: null };
    sections.unshift({ named, of: first.of, parts: [], chunks: [{ at: 0, hasText: false }] });
  }
  return sections.map((begun) => ({ section: sectionOf(begun), chunks: begun.chunks }));
}

function sectionOf({ named, of, parts }: Begun): IndexedSection {
  const { anchor, heading, trail } = named;
  const page = pageUrl(of.url);
  const url = anchor === null ? page : `${page}#${anchor}`;
  const text = parts.map((part) => part.trim()).filter((part) => part !== "");
  const { title, locale, version } = of;
  return { page: of.page, url, title, heading, trail, text: text.join("\n\n"), locale, version };
}

/**
 * Whether a page that begins with this section has its title above it. Then the title needs a section of its
 * own, without text: a search for it leads to the page, and not to whichever heading is first.
 */
const isBelowTitle = ({ anchor, heading }: ChunkSection, title: string): boolean =>
  heading !== null && anchor !== null && heading !== title;

/** The text of a section without the line of its heading, which is the first if it is shown at all. */
const ownText = ({ heading }: ChunkSection, text: string): string =>
  heading === null ? text : text.replace(HEADING_LINE, "");

const isSame = (one: ChunkSection, other: ChunkSection): boolean =>
  one.heading === other.heading &&
  one.anchor === other.anchor &&
  one.startLine === other.startLine &&
  one.trail.join("\n") === other.trail.join("\n");

const GAP = "\n\n";

/** How much of a later part of a section repeats the end of the part before. */
function repeatedLength(before: string, text: string): number {
  let longest = 0;
  for (let at = text.indexOf(GAP); at > 0; at = text.indexOf(GAP, at + GAP.length)) {
    if (before.endsWith(text.slice(0, at))) longest = at + GAP.length;
  }
  return longest;
}
