import { sourceLine } from "../words/source-line.ts";
import type { Chunk, Page } from "../words/types.ts";
import { anchorsOf, givesId } from "./anchors.ts";
import { joinAll, piece, unitsOf, type Block, type HeadingBlock } from "./blocks.ts";
import { withoutInvisible } from "./character-references.ts";
import { chunkSections, type HeadingNames } from "./chunk-sections.ts";
import { inputTokens, trailFitter, type FittedTrail, type Trail } from "./embedding-input.ts";
import { draftsOf, type Draft, type LimitsOf } from "./join.ts";
import { blocksOfPage } from "./page-blocks.ts";
import type { PageBlocks } from "./read-blocks.ts";
import { piecesOf, sectionsOf, type Section } from "./sections.ts";
import { LINE_BREAK_UNITS, unitsOfTokens } from "./tokens.ts";

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
  const title = titleOf(page, blocks.blocks);
  const trailOf = trailFitter(title, options.maxTokens);
  const limitFor = ({ units }: FittedTrail): number =>
    unitsOfTokens(options.maxTokens) - (units === 0 ? 0 : units + LINE_BREAK_UNITS);
  const anchorOf = usableAnchors(page, anchors, blocks);
  const named = { fit: (names: readonly string[]) => trailOf(names).headings, anchorOf };
  const whole =
    sections.length === 0 ? titleAlone(page, trailOf([])) : wholePage(sections, trailOf, limitFor);
  if (whole !== null) return [chunkOf(page, whole, { id: page.id, url: page.url }, named)];

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
  const name = createNames(page, anchors, anchorOf);
  return draftsOf(sections, limitsOf).map((draft) => {
    const trail = trailOf(draft.section.trail.map((heading) => heading.plain));
    return chunkOf(page, { ...draft, trail }, name(draft), named);
  });
}

const plainOf = (block: Block | undefined): string | undefined =>
  block?.kind === "heading" ? block.plain : undefined;

/** Title of a page: the host's, else its first heading of level 1, else the heading that it begins with, else its file. */
function titleOf(page: Page, blocks: readonly Block[]): string {
  const top = blocks.find((block) => block.kind === "heading" && block.depth === 1);
  const title = page.title ?? plainOf(top) ?? (plainOf(blocks[0]) || page.id);
  return withoutInvisible(title.normalize("NFC"));
}

type NamedDraft = Draft & { readonly trail: Trail };

const NO_SECTION: Section = {
  heading: null,
  depth: 0,
  trail: [],
  bare: [],
  blocks: [],
  trailing: [],
  isHeadingText: false,
};

/** A page without text is found by its title, if it has one. */
function titleAlone(page: Page, trail: FittedTrail): NamedDraft | null {
  if (page.title === null) return null;
  return { section: NO_SECTION, part: 1, pieces: [piece(`# ${trail.title}`, 1, 1)], trail };
}

/** The whole page as one draft, or null if it does not fit. */
function wholePage(
  sections: readonly Section[],
  trailOf: (headings: readonly string[]) => FittedTrail,
  limitFor: (trail: FittedTrail) => number,
): NamedDraft | null {
  const [section] = sections;
  if (section === undefined) return null;
  const top = section.trail[0];
  const trail = trailOf(top?.depth === 1 ? [top.plain] : []);
  const pieces = sections.flatMap(piecesOf);
  return unitsOf(pieces) > limitFor(trail) ? null : { section, part: 1, pieces, trail };
}

type Name = Pick<Chunk, "id" | "url">;

/** Each part of a section repeats its anchor: a longer one is cut in ids and left out of URLs. */
const LONGEST_ANCHOR = 1000;

/** The ids that the host gives to headings, by the headings' order; null without one. */
function usableAnchors(
  page: Page,
  anchors: readonly string[],
  { blocks, headings }: PageBlocks,
): HeadingNames["anchorOf"] {
  const without = new Set<number>();
  const isWithout = ({ depth, order }: Pick<HeadingBlock, "depth" | "order">): boolean =>
    page.format === "html" ? headings[order]?.explicitId === null : !givesId(page, depth);
  for (const block of blocks) {
    const inBlock = block.kind === "heading" ? [block] : "nested" in block ? block.nested : [];
    for (const heading of inBlock ?? []) if (isWithout(heading)) without.add(heading.order);
  }
  return ({ order }) => {
    const anchor = without.has(order) ? undefined : anchors[order];
    return anchor === undefined || anchor === "" || anchor.length > LONGEST_ANCHOR ? null : anchor;
  };
}

/** Names the chunks of one page; ids are unique even if anchors are not. */
function createNames(
  page: Page,
  anchors: readonly string[],
  anchorOf: HeadingNames["anchorOf"],
): (draft: Draft) => Name {
  const taken = new Map<string, number>();
  return ({ section, part }) => {
    const anchor = section.heading === null ? null : (anchors[section.heading.order] ?? "");
    const base = anchor === null ? page.id : `${page.id}#${anchor.slice(0, LONGEST_ANCHOR)}`;
    const partId = part === 1 ? base : `${base}~${part}`;
    const count = (taken.get(partId) ?? 0) + 1;
    taken.set(partId, count);
    const id = count === 1 ? partId : `${partId}@${count}`;
    const linked = section.heading === null ? null : anchorOf(section.heading);
    return { id, url: linked === null ? page.url : `${page.url}#${linked}` };
  };
}

function chunkOf(page: Page, draft: NamedDraft, name: Name, named: HeadingNames): Chunk {
  const { title, headings } = draft.trail;
  const { text, shown, startLine, endLine } = joinAll(draft.pieces);
  const sections = chunkSections(draft, named).map((section) => ({
    ...section,
    startLine: shownLine(page, section.startLine),
  }));
  const tokens = inputTokens({ title, headings, text }, shown);
  const { locale, version } = page;
  const lines = { startLine: shownLine(page, startLine), endLine: shownLine(page, endLine) };
  const place = { ...lines, locale, version };
  return { ...name, page: page.id, title, headings, text, sections, tokens, ...place };
}

/** Nobody edits a built page: a line of it helps nobody. */
const shownLine = (page: Page, line: number | null): number | null =>
  page.format === "html" || line === null ? null : sourceLine(page, line);
