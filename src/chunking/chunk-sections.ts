import type { ChunkSection } from "../words/types.ts";
import type { Piece, SectionStart } from "./blocks.ts";
import type { Draft } from "./join.ts";

/** Length of the empty line between two pieces. */
const GAP = "\n\n".length;

/** How the headings of a page are shown: `fit` shortens a trail that is too long. */
export interface HeadingNames {
  readonly fit: (names: readonly string[]) => readonly string[];
  readonly anchorOf: (start: Pick<SectionStart, "order">) => string | null;
}

/** The sections of a draft, with their places in its text. */
export function chunkSections({ section, pieces }: Draft, named: HeadingNames): ChunkSection[] {
  let offset = 0;
  const begun = pieces.flatMap((piece) => {
    const { begins = [], text } = piece;
    const here = begins.map((start) => sectionAt(offset + placeIn(piece, start), start, named));
    offset += text.length + GAP;
    return here;
  });
  if (begun[0]?.offset === 0) return begun;
  const intro = { names: [], order: -1, startLine: pieces[0]?.startLine ?? 1 };
  const first = section.heading?.begins?.[0] ?? intro;
  return [sectionAt(0, first, named), ...begun];
}

/** Where the line of a section begins in a piece. */
function placeIn({ text, startLine }: Piece, start: SectionStart): number {
  const lines = text.split("\n").slice(0, Math.max(start.startLine - startLine, 0));
  return Math.min(lines.join("\n").length + Math.min(lines.length, 1), text.lastIndexOf("\n") + 1);
}

function sectionAt(offset: number, start: SectionStart, named: HeadingNames): ChunkSection {
  const trail = [...named.fit(start.names)];
  const heading = trail.pop() ?? null;
  const { startLine } = start;
  return { heading, trail, anchor: named.anchorOf(start), startLine, offset };
}
