import type { Chunk, Page } from "../words/types.ts";
import { anchorsOf } from "./anchors.ts";
import { joinAll, unitsOf } from "./blocks.ts";
import {
  chunkEmbeddingText,
  trailFitter,
  type FittedTrail,
  type Trail,
} from "./embedding-input.ts";
import { draftsOf, type Draft, type LimitsOf } from "./join.ts";
import { blocksOfPage } from "./page-blocks.ts";
import { piecesOf, sectionsOf, type Section } from "./sections.ts";
import { estimateTokens, LINE_BREAK_UNITS, unitsOfTokens } from "./tokens.ts";

export interface ChunkOptions {
  /** Upper limit of a chunk's embedding input, in estimated tokens. */
  readonly maxTokens: number;
  /** Upper limit of the whole sentences that a part repeats from the one before, in estimated tokens. */
  readonly overlapTokens: number;
}

/**
 * Cuts a page into chunks: at headings if possible, else between blocks, else inside a block. Pure:
 * the same page and options give the same chunks. Malformed Markdown causes a warning, never an
 * error.
 */
export function chunkPage(
  page: Page,
  options: ChunkOptions,
  warn: (message: string) => void = () => {},
): Chunk[] {
  const blocks = blocksOfPage(page, warn);
  const anchors = anchorsOf(page.slugger, blocks.headings);
  const sections = sectionsOf(blocks, unitsOfTokens(options.maxTokens) / 4);
  const firstTitle = sections.flatMap((section) => section.trail)[0]?.plain;
  const title = page.title ?? firstTitle ?? page.id;
  const trailOf = trailFitter(title, options.maxTokens);
  const limitFor = ({ units }: FittedTrail): number =>
    unitsOfTokens(options.maxTokens) - (units === 0 ? 0 : units + LINE_BREAK_UNITS);
  const whole = wholePage(page, sections, trailOf, limitFor);
  if (whole !== null) return [whole];

  const overlap = Math.max(unitsOfTokens(options.overlapTokens), 0);
  const limitsOf: LimitsOf = (section) => {
    const names = section.trail.map((heading) => heading.plain);
    const trail = trailOf(names);
    const hard = limitFor(trail);
    const soft = Math.max(hard - overlap, hard / 2);
    const trailIsWhole = trail.headings.every((name, index) => name === names[index]);
    return {
      hard,
      soft,
      overlap,
      trailIsWhole: trailIsWhole && trail.headings.length === names.length,
    };
  };
  const name = createNames(page, anchors);
  return draftsOf(sections, limitsOf).map((draft) => {
    const trail = trailOf(draft.section.trail.map((heading) => heading.plain));
    return chunkOf(page, trail, draft, name(draft));
  });
}

/** The whole page as one chunk, or null if it does not fit. */
function wholePage(
  page: Page,
  sections: readonly Section[],
  trailOf: (headings: readonly string[]) => FittedTrail,
  limitFor: (trail: FittedTrail) => number,
): Chunk | null {
  if (sections.length === 0) return null;
  const top = sections[0]?.trail[0];
  const trail = trailOf(top?.depth === 1 ? [top.plain] : []);
  const pieces = sections.flatMap(piecesOf);
  if (unitsOf(pieces) > limitFor(trail)) return null;
  return chunkOf(page, trail, { pieces }, { id: page.id, url: page.url });
}

type Name = Pick<Chunk, "id" | "url">;

/** Each part of a section repeats its anchor: a longer one is cut in ids and left out of URLs. */
const LONGEST_ANCHOR = 1000;

/** Names the chunks of one page; ids are unique even if anchors are not. */
function createNames(page: Page, anchors: readonly string[]): (draft: Draft) => Name {
  const taken = new Map<string, number>();
  return ({ section, part }) => {
    const anchor = section.heading === null ? null : (anchors[section.heading.order] ?? "");
    const base = anchor === null ? page.id : `${page.id}#${anchor.slice(0, LONGEST_ANCHOR)}`;
    const partId = part === 1 ? base : `${base}~${part}`;
    const count = (taken.get(partId) ?? 0) + 1;
    taken.set(partId, count);
    const id = count === 1 ? partId : `${partId}@${count}`;
    const isUsable = anchor !== null && anchor !== "" && anchor.length <= LONGEST_ANCHOR;
    const hasAnchor = isUsable && page.slugger !== "none";
    return { id, url: hasAnchor ? `${page.url}#${anchor}` : page.url };
  };
}

function chunkOf(
  page: Page,
  { title, headings }: Trail,
  draft: Pick<Draft, "pieces">,
  name: Name,
): Chunk {
  const { text, startLine, endLine } = joinAll(draft.pieces);
  const tokens = estimateTokens(chunkEmbeddingText({ title, headings, text }));
  const { locale, version } = page;
  const place = { startLine, endLine, locale, version };
  return { ...name, page: page.id, title, headings, text, tokens, ...place };
}
