import { flowBlock } from "./blocks.ts";
import type { ContentBlock, FlowBlock, HeadingBlock, Piece } from "./blocks.ts";
import { asPlainLine } from "./plain-line.ts";
import type { PageBlocks } from "./read-blocks.ts";
import { LINE_BREAK_UNITS } from "./tokens.ts";

/** One heading with what stands under it, up to the next heading of any level. */
export interface Section {
  /** Null for what stands before the first heading. */
  readonly heading: HeadingBlock | null;
  /** Heading depth; 0 before the first heading. */
  readonly depth: number;
  /** Headings above it, outermost first, its own last. */
  readonly trail: readonly HeadingBlock[];
  /** Headings without text that stand right before this section, each as a section. */
  readonly bare: readonly Section[];
  readonly blocks: readonly ContentBlock[];
  /** Headings at the end of the page that nothing follows, each as a section. */
  readonly trailing: readonly Section[];
  /** Whether the heading stands among `blocks`, as text. */
  readonly isHeadingText: boolean;
}

/** A section and those under it. */
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
 * Cuts a page at its headings. A heading without text is given to the section after it, as long as
 * such headings cost no more than `maxBareUnits`, in hundredths of a token.
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

/** A heading as running text: what a chunk shows that would else be nothing but a heading. */
function plainHeadingBlock(heading: HeadingBlock): FlowBlock {
  const text = asPlainLine(heading.text.replace(/^#+ /, ""));
  return { ...flowBlock("text", text, heading.startLine), endLine: heading.endLine };
}

/** A section that shows its heading as text: because it is long, or has nothing else. */
export function asText(section: Section): Section {
  const heading = namesOf([section]).map(plainHeadingBlock);
  return { ...section, isHeadingText: true, blocks: [...heading, ...section.blocks] };
}

/** The headings that a section begins with. */
export const headingsOf = (section: Section): HeadingBlock[] =>
  namesOf(section.isHeadingText ? section.bare : [...section.bare, section]);

/** Everything of a section in the order of the source. */
export function piecesOf(section: Section): Piece[] {
  return [...headingsOf(section), ...section.blocks, ...namesOf(section.trailing)];
}

/** Cost of pieces with empty lines between them. */
export function unitsOf(pieces: readonly { readonly units: number }[]): number {
  const gaps = Math.max(pieces.length - 1, 0) * LINE_BREAK_UNITS;
  return pieces.reduce((sum, next) => sum + next.units, gaps);
}

/** Nests sections by the depth of their headings. */
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

/** The sections of a tree in the order of the source. */
export function flattenTree(tree: SectionTree): Section[] {
  return [tree.section, ...tree.children.flatMap(flattenTree)];
}
