import {
  flowBlock,
  type ContentBlock,
  type FlowBlock,
  type HeadingBlock,
  type Piece,
} from "./blocks.ts";
import { asPlainLine } from "./plain-line.ts";
import type { PageBlocks } from "./read-blocks.ts";
import { LINE_BREAK_UNITS } from "./tokens.ts";

/** One heading and the content below it, up to the next heading of any level. */
export interface Section {
  /** Null for the content before the first heading. */
  readonly heading: HeadingBlock | null;
  /** Heading depth; 0 before the first heading. */
  readonly depth: number;
  /** The headings above it, outermost first, and its own heading last. */
  readonly trail: readonly HeadingBlock[];
  /** Headings without text directly before this section, each as a section. */
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

type OpenSection = Section & { readonly blocks: ContentBlock[] };

const openSection = (
  heading: HeadingBlock | null,
  trail: readonly HeadingBlock[],
): OpenSection => ({
  heading,
  depth: heading?.depth ?? 0,
  trail,
  bare: [],
  blocks: [],
  trailing: [],
  isHeadingText: false,
});

/**
 * Cuts a page at its headings. Headings without text join the section after them, as long as they
 * cost at most `maxBareUnits`, in hundredths of a token.
 */
export function sectionsOf(page: PageBlocks, maxBareUnits: number): Section[] {
  const open: OpenSection[] = [openSection(null, [])];
  let trail: HeadingBlock[] = [];
  for (const block of page.blocks) {
    if (block.kind === "heading") {
      trail = [...trail.filter((heading) => heading.depth < block.depth), block];
      open.push(openSection(block, trail));
    } else open.at(-1)?.blocks.push(block);
  }
  return withoutBareSections(open, maxBareUnits);
}

function withoutBareSections(all: readonly Section[], maxBareUnits: number): Section[] {
  const sections: Section[] = [];
  let bare: Section[] = [];
  const shorten = (units: number): void => {
    while (bare.length > 0 && unitsOf(namesOf(bare)) + units > maxBareUnits) {
      sections.push(...bare.splice(0, 1).map(asText));
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

/** A heading as running text, for a chunk that would otherwise be nothing but a heading. */
function plainHeadingBlock(heading: HeadingBlock): FlowBlock {
  const text = asPlainLine(heading.text.replace(/^#+ /, ""));
  return { ...flowBlock("text", text, heading.startLine), endLine: heading.endLine };
}

/** The section with its heading as text; for headings that are long or have no content. */
export function asText(section: Section): Section {
  const heading = namesOf([section]).map(plainHeadingBlock);
  return { ...section, isHeadingText: true, blocks: [...heading, ...section.blocks] };
}

/** The headings at the start of a section. */
export const headingsOf = (section: Section): HeadingBlock[] =>
  namesOf(section.isHeadingText ? section.bare : [...section.bare, section]);

/** All pieces of a section, in source order. */
export function piecesOf(section: Section): Piece[] {
  return [...headingsOf(section), ...section.blocks, ...namesOf(section.trailing)];
}

/** Cost of pieces with empty lines between them. */
export function unitsOf(pieces: readonly { readonly units: number }[]): number {
  const gaps = Math.max(pieces.length - 1, 0) * LINE_BREAK_UNITS;
  return pieces.reduce((sum, next) => sum + next.units, gaps);
}

/** Nests sections by heading depth. */
export function treesOf(sections: readonly Section[]): SectionTree[] {
  const trees: SectionTree[] = [];
  for (let index = 0; index < sections.length;) {
    const section = sections[index];
    if (section === undefined) break;
    let end = index + 1;
    while (end < sections.length && isBelow(sections[end], section)) end += 1;
    const children = treesOf(sections.slice(index + 1, end));
    const units = unitsOf([{ units: unitsOf(piecesOf(section)) }, ...children]);
    trees.push({ section, children, units });
    index = end;
  }
  return trees;
}

const isBelow = (section: Section | undefined, above: Section): boolean =>
  section !== undefined && above.depth > 0 && section.depth > above.depth;

/** The sections of a tree, in source order. */
export function flattenTree(tree: SectionTree): Section[] {
  return [tree.section, ...tree.children.flatMap(flattenTree)];
}
