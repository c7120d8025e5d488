import { piece, unitsOf, type ContentBlock, type Piece, type SectionStart } from "./blocks.ts";
import { headingsOf, namesOf, type Section } from "./sections.ts";
import { splitBlock } from "./split-block.ts";
import { LINE_BREAK_UNITS } from "./tokens.ts";

/** Limits of the text of one chunk, in hundredths of a token. */
export interface TextLimits {
  /** No part may exceed this. */
  readonly hard: number;
  /** Parts are filled up to this; less than `hard`, to leave room for the overlap. */
  readonly soft: number;
  /** The next part may repeat this much. */
  readonly overlap: number;
  /** Whether the heading trail names all headings in full. */
  readonly trailIsWhole: boolean;
}

interface Packer {
  readonly section: Section;
  readonly limits: TextLimits;
  readonly parts: Piece[][];
  /** The part being filled. */
  open: Piece[];
  /** Sections whose headings were left to the trail: they begin with the next piece. */
  left: SectionStart[];
  /** Whether the open part holds more than headings. */
  hasContent: boolean;
  /** Whether the parts show the headings without text that come before the section. */
  hasBare: boolean;
}

/**
 * Splits a section that is over the limit into parts, each a list of pieces. Says whether they show
 * the headings without text before and after it.
 */
export function packSection(
  section: Section,
  limits: TextLimits,
): Pick<Packer, "parts" | "hasBare"> & { readonly hasTrailing: boolean } {
  const open = headingsOf(section);
  const base = { section, limits, parts: [], open, left: [] };
  const packer: Packer = { ...base, hasContent: false, hasBare: true };
  for (const block of section.blocks) {
    if (!fits(packer, block, packer.hasContent ? limits.soft : limits.hard))
      makeRoom(packer, block);
    if (fits(packer, block, limits.hard)) add(packer, block);
    else addSplit(packer, block);
  }
  close(packer);
  const last = packer.parts.at(-1);
  const trailing = namesOf(section.trailing);
  const hasTrailing = last !== undefined && unitsOf([...last, ...trailing]) <= limits.hard;
  if (hasTrailing) last.push(...trailing);
  return { ...packer, hasTrailing };
}

const fits = ({ open }: Packer, next: Piece, limit: number): boolean =>
  unitsOf([...open, next]) <= limit;

function add(packer: Packer, next: Piece): void {
  const begins = [...packer.left, ...(next.begins ?? [])];
  packer.open.push(begins.length === 0 ? next : { ...next, begins });
  packer.left = [];
  packer.hasContent = true;
}

function close(packer: Packer): void {
  const { open, hasContent } = packer;
  if (open.length > 0) packer.parts.push(hasContent ? open : open.map(asPlain));
  packer.open = [];
  packer.hasContent = false;
}

/** A heading as text, for a part that holds nothing but headings. */
const asPlain = (heading: Piece): Piece => ({
  ...heading,
  ...piece(heading.text.replace(/^#+ /, ""), heading.startLine, heading.endLine),
});

/** Closes the open part before a block that does not fit; a lead-in moves to the next part. */
function makeRoom(packer: Packer, block: ContentBlock): void {
  const { hard } = packer.limits;
  if (packer.hasContent) {
    const lead = takeLeadIn(packer, block);
    close(packer);
    if (lead !== null) add(packer, lead);
  } else if (block.units <= hard || hard < 2 * unitsOf(packer.open)) leaveToTrail(packer);
}

/** Drops headings from the open part if the heading trail names them, to make room for content. */
function leaveToTrail(packer: Packer): void {
  const { section, limits } = packer;
  if (!limits.trailIsWhole || packer.hasContent) return;
  packer.hasBare = section.bare.every((bare) => isAbove(bare, section));
  // Headings that the trail does not name get a chunk of their own.
  const kept = packer.open.filter((heading) => packer.hasBare || heading === section.heading);
  packer.left.push(...kept.flatMap(({ begins = [] }) => begins));
  packer.open = [];
}

const isAbove = ({ heading }: Section, section: Section): boolean =>
  heading !== null && section.trail.includes(heading);

/** Splits a block over the limit and adds its parts; the first one joins the open part. */
function addSplit(packer: Packer, block: ContentBlock): void {
  const { soft, hard } = packer.limits;
  if (block.kind !== "text" && block.units <= hard) {
    // Only headings that the trail does not name are in its way: better alone than the block torn.
    close(packer);
    return add(packer, block);
  }
  const room = soft - unitsOf(packer.open) - (packer.open.length === 0 ? 0 : LINE_BREAK_UNITS);
  const limits = { first: room, limit: hard, fill: soft, depth: 0 };
  let pieces = splitBlock(block, limits);
  if (pieces[0] !== undefined && !fits(packer, pieces[0], hard)) {
    leaveToTrail(packer);
    if (packer.open.length === 0 || block.kind !== "text") close(packer);
    else pieces = splitBlock(block, { ...limits, limit: room, fill: room });
  }
  const { begins = [] } = block;
  const partOf = ({ startLine }: SectionStart): number =>
    pieces.findIndex(({ endLine }, at) => endLine >= startLine || at === pieces.length - 1);
  pieces.forEach((next, index) => {
    if (index > 0) close(packer);
    add(packer, { ...next, begins: begins.filter((start) => partOf(start) === index) });
  });
}

/** Takes the lead-in of a block from the open part, if lead-in and block fit into one part. */
function takeLeadIn({ open, limits }: Packer, block: ContentBlock): Piece | null {
  const last = open.at(-1);
  if (last === undefined || !("leadsIn" in last) || last.leadsIn !== true) return null;
  if (open.slice(0, -1).every((next) => "kind" in next && next.kind === "heading")) return null;
  if (unitsOf([last, block]) > limits.hard) return null;
  open.pop();
  return last;
}
