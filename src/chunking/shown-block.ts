/** A block of an embedding input. */
export interface ShownBlock {
  readonly text: string;
  readonly isHeading: boolean;
  /** Whether it begins a list item. */
  readonly isItem: boolean;
}

/** The blocks without those headings; each is left out once. */
export function withoutHeadings<Block extends ShownBlock>(
  blocks: readonly Block[],
  headings: readonly string[],
): Block[] {
  const names = new Set(headings);
  return blocks.filter(({ text, isHeading }) => !(isHeading && names.delete(text)));
}

/** The text of an embedding input of these blocks. */
export const textOfBlocks = (blocks: readonly ShownBlock[]): string =>
  blocks
    .map(({ text, isItem }, index) => `${index === 0 ? "" : isItem ? "\n" : "\n\n"}${text}`)
    .join("");
