import type { Piece } from "./blocks.ts";
import { withOverlap } from "./overlap.ts";
import { packSection, type TextLimits } from "./pack-section.ts";
import {
  asText,
  flattenTree,
  piecesOf,
  treesOf,
  unitsOf,
  type Section,
  type SectionTree,
} from "./sections.ts";
import { LINE_BREAK_UNITS } from "./tokens.ts";

/** A chunk that has no id and no URL yet. */
export interface Draft {
  /** The section that names the chunk. */
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
  if (first === undefined) return drafts;
  if (first.heading === null) {
    joinUnder(first, treesOf(rest), limitsOf, drafts);
  } else joinRow([], treesOf(sections), limitsOf, drafts);
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
    const section = nameOf(open);
    if (section !== null) drafts.push({ section, part: 1, pieces: open.flatMap(piecesOf) });
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

/** The section that names a row of sections: its first one. */
const nameOf = (row: readonly Section[]): Section | null => row[0] ?? null;
