import { piece, unitsOf, type Piece } from "./blocks.ts";
import { countLineBreaks } from "./line-breaks.ts";
import { packSection, type TextLimits } from "./pack-section.ts";
import {
  asText,
  flattenTree,
  piecesOf,
  treesOf,
  type Section,
  type SectionTree,
} from "./sections.ts";
import { sentencesOf } from "./split-text.ts";
import { LINE_BREAK_UNITS } from "./tokens.ts";

/** A chunk that has no id and no URL yet. */
export interface Draft {
  /** Its first section, which names the chunk. */
  readonly section: Section;
  /** Number of the part of a section that was split, from 1. */
  readonly part: number;
  readonly pieces: readonly Piece[];
}

/** The limits of chunks named after a section; they depend on the length of its heading trail. */
export type LimitsOf = (section: Section) => TextLimits;

/**
 * Joins small neighbouring sections up to the limit and splits sections over it. A section that fits
 * together with all its subsections is one draft.
 */
export function draftsOf(sections: readonly Section[], limitsOf: LimitsOf): Draft[] {
  const drafts: Draft[] = [];
  const [first, ...rest] = sections;
  if (first?.heading === null) joinUnder(first, treesOf(rest), limitsOf, drafts);
  else joinRow([], treesOf(sections), limitsOf, drafts);
  return drafts;
}

/** Adds drafts for a section over the limit: its own text first, joined with subsections that fit. */
function joinUnder(
  section: Section,
  children: readonly SectionTree[],
  limitsOf: LimitsOf,
  drafts: Draft[],
): void {
  const limits = limitsOf(section);
  if (unitsOf(piecesOf(section)) <= limits.hard) {
    joinRow([section], children, limitsOf, drafts);
    return;
  }
  const { parts, hasBare, hasTrailing } = packSection(section, limits);
  if (!hasBare) joinRow([], treesOf(section.bare.map(asText)), limitsOf, drafts);
  withOverlap(parts, limits.overlap, limits.hard).forEach((pieces, index) => {
    drafts.push({ section, part: index + 1, pieces });
  });
  const rest = hasTrailing ? [] : section.trailing.map(asText);
  joinRow([], [...treesOf(rest), ...children], limitsOf, drafts);
}

function joinRow(
  begin: readonly Section[],
  trees: readonly SectionTree[],
  limitsOf: LimitsOf,
  drafts: Draft[],
): void {
  let open: readonly Section[] = begin;
  let units = open.reduce((sum, section) => sum + unitsOf(piecesOf(section)), 0);
  const close = (): void => {
    const [section] = open;
    if (section !== undefined) drafts.push({ section, part: 1, pieces: open.flatMap(piecesOf) });
    [open, units] = [[], 0];
  };
  for (const tree of trees) {
    const name = open[0] ?? tree.section;
    const gap = open.length === 0 ? 0 : LINE_BREAK_UNITS;
    if (units + gap + tree.units <= limitsOf(name).hard) {
      units += gap + tree.units;
      open = [...open, ...flattenTree(tree)];
      continue;
    }
    close();
    if (tree.units > limitsOf(tree.section).hard) {
      joinUnder(tree.section, tree.children, limitsOf, drafts);
    } else [open, units] = [flattenTree(tree), tree.units];
  }
  close();
}

/** The last whole sentences of running text that fit into `limit`, or null if not even one does. */
function lastSentences(from: Piece, limit: number): Piece | null {
  let found: Piece | null = null;
  for (const { start } of sentencesOf(from.text).toReversed()) {
    const text = from.text.slice(start);
    const line = from.startLine + countLineBreaks(from.text.slice(0, start));
    const next = piece(text, Math.min(line, from.endLine), from.endLine);
    if (next.units > limit) break;
    found = next;
  }
  return found;
}

/**
 * Repeats the last sentences of each part of a section at the start of the next part, up to
 * `overlap`, and only while the next part stays within `hard`; both in hundredths of a token.
 */
function withOverlap(parts: readonly Piece[][], overlap: number, hard: number): Piece[][] {
  return parts.map((part, index) => {
    const last = parts[index - 1]?.at(-1);
    if (overlap === 0 || last?.isProse !== true) return part;
    const room = Math.min(overlap, hard - unitsOf(part) - LINE_BREAK_UNITS);
    const repeated = lastSentences(last, room);
    return repeated === null ? part : [repeated, ...part];
  });
}
