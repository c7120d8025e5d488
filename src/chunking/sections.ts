import {
  flowBlock,
  unitsOf,
  type ContentBlock,
  type HeadingBlock,
  type NestedHeading,
  type Piece,
  type SectionStart,
} from "./blocks.ts";
import { asPlainLine } from "./plain-line.ts";
import { LINE_BREAK_UNITS } from "./tokens.ts";
import type { PageBlocks } from "./read-blocks.ts";

/** One heading and the content below it, up to the next heading of any level. */
export interface Section {
  /** Null for the content before the first heading. */
  readonly heading: HeadingBlock | null;
  /** Heading depth; 0 before the first heading. */
  readonly depth: number;
  /** The headings above it, outermost first, and its own heading last. */
  readonly trail: readonly HeadingBlock[];
  /** Headings without text directly before it, each as a section. */
  readonly bare: readonly Section[];
  readonly blocks: readonly ContentBlock[];
  /** Headings without text at the end of the page, each as a section. */
  readonly trailing: readonly Section[];
  /** Whether `blocks` begin with the heading, as text. */
  readonly isHeadingText: boolean;
}

/** A section and its subsections. */
export interface SectionTree {
  readonly section: Section;
  readonly children: readonly SectionTree[];
  /** Cost of the whole tree as text, in hundredths of a token. */
  readonly units: number;
}

/**
 * Cuts a page at its headings. Headings without text join the section after them, as long as they
 * cost at most `maxBareUnits`, in hundredths of a token.
 */
export function sectionsOf(page: PageBlocks, maxBareUnits: number): Section[] {
  const empty = { bare: [], trailing: [], isHeadingText: false };
  let trail: HeadingBlock[] = [];
  let blocks: ContentBlock[] = [];
  const sections: Section[] = [{ ...empty, heading: null, depth: 0, trail, blocks }];
  for (const block of page.blocks) {
    if (block.kind !== "heading") {
      blocks.push(beginning(block, trail));
      continue;
    }
    const above = trail.filter(({ depth }) => depth < block.depth);
    const heading = { ...block, begins: [startOf(block, above)] };
    [trail, blocks] = [[...above, heading], []];
    sections.push({ ...empty, heading, depth: block.depth, trail, blocks });
  }
  return withoutBareSections(sections, maxBareUnits);
}

/** A list or a quotation, with the sections that begin in it. */
function beginning(block: ContentBlock, trail: readonly HeadingBlock[]): ContentBlock {
  const nested = "nested" in block ? (block.nested ?? []) : [];
  return nested.length === 0
    ? block
    : { ...block, begins: nested.map((heading) => startOf(heading, trail)) };
}

const startOf = (
  { order, plain, startLine }: NestedHeading,
  above: readonly HeadingBlock[],
): SectionStart => ({ names: [...above, { plain }].map((one) => one.plain), order, startLine });

function withoutBareSections(all: readonly Section[], maxBareUnits: number): Section[] {
  const sections: Section[] = [];
  let bare: Section[] = [];
  const shorten = (units: number): void => {
    let left = unitsOf(namesOf(bare)) + units;
    const first = bare.findIndex(({ heading }) => {
      if (left <= maxBareUnits) return true;
      left -= (heading?.units ?? 0) + LINE_BREAK_UNITS;
      return false;
    });
    for (const section of bare.splice(0, first < 0 ? bare.length : first)) {
      sections.push(asText(section));
    }
  };
  for (const section of all) {
    const units = section.heading?.units ?? 0;
    if (section.blocks.length === 0) {
      if (section.heading !== null) bare.push(section);
      continue;
    }
    shorten(units);
    sections.push({ ...(units > maxBareUnits ? asText(section) : section), bare });
    bare = [];
  }
  const last = sections.pop();
  if (last === undefined) return bare.map(asText);
  return unitsOf(namesOf(bare)) > maxBareUnits
    ? [...sections, last, ...bare.map(asText)]
    : [...sections, { ...last, trailing: bare }];
}

/** The headings of sections. */
export const namesOf = (sections: readonly Section[]): HeadingBlock[] =>
  sections.flatMap(({ heading }) => heading ?? []);

/** The section with its heading as text; for headings that are long or have no content. */
export function asText(section: Section): Section {
  const heading = namesOf([section]).map(({ begins, endLine, startLine, text }) => {
    const plain = asPlainLine(text.replace(/^#+ /, ""));
    return { ...flowBlock("text", plain, startLine), endLine, begins: begins ?? [] };
  });
  return { ...section, isHeadingText: true, blocks: [...heading, ...section.blocks] };
}

/** The headings at the start of a section. */
export const headingsOf = (section: Section): HeadingBlock[] =>
  namesOf(section.isHeadingText ? section.bare : [...section.bare, section]);

/** All pieces of a section, in source order. */
export function piecesOf(section: Section): Piece[] {
  return [...headingsOf(section), ...section.blocks, ...namesOf(section.trailing)];
}

/** Nests sections by heading depth. */
export function treesOf(sections: readonly Section[]): SectionTree[] {
  const trees: SectionTree[] = [];
  for (let index = 0, end = 0; index < sections.length; index = end) {
    const section = sections[index];
    if (section === undefined) break;
    end = index + 1;
    while (end < sections.length && isBelow(sections[end], section)) end += 1;
    const children = treesOf(sections.slice(index + 1, end));
    const units = unitsOf([{ units: unitsOf(piecesOf(section)) }, ...children]);
    trees.push({ section, children, units });
  }
  return trees;
}

const isBelow = (section: Section | undefined, above: Section): boolean =>
  section !== undefined && above.depth > 0 && section.depth > above.depth;

/** The sections of a tree, in source order. */
export function flattenTree({ section, children }: SectionTree): Section[] {
  return [section, ...children.flatMap(flattenTree)];
}
