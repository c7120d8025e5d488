/** A text, and for each of its lines the line of the source on which it stands. */
export interface MappedText {
  /** Line ends are line feeds. */
  readonly text: string;
  readonly lines: readonly number[];
}

/** What stands in the place of a part of a text. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text whose first line is `firstLine` of the source. */
export function mappedText(source: string, firstLine: number): MappedText {
  const text = source.replace(/\r\n?/g, "\n");
  return { text, lines: text.split("\n").map((_, at) => firstLine + at) };
}

/** Gives the line of the source for places in the text, which must be asked for in order. */
export function linesInOrder({ text, lines }: MappedText): (offset: number) => number {
  let [from, at] = [0, 0];
  return (offset) => {
    at += breaksIn(text.slice(from, offset));
    from = offset;
    return lines[at] ?? 1;
  };
}

const breaksIn = (text: string): number => text.split("\n").length - 1;

/** Replaces parts, which are in order and apart. Lines that are new stand where their part began. */
export function replaceParts(source: MappedText, parts: readonly Replacement[]): MappedText {
  const pieces: string[] = [];
  const lines = source.lines.slice(0, 1);
  let from = 0;
  let at = 0;
  const keepUntil = (end: number): void => {
    const kept = source.text.slice(from, end);
    const last = at + breaksIn(kept);
    lines.push(...source.lines.slice(at + 1, last + 1));
    pieces.push(kept);
    at = last;
  };
  for (const { start, end, text } of parts) {
    keepUntil(start);
    lines.push(...Array<number>(breaksIn(text)).fill(source.lines[at] ?? 1));
    pieces.push(text);
    at += breaksIn(source.text.slice(start, end));
    from = end;
  }
  keepUntil(source.text.length);
  return { text: pieces.join(""), lines };
}
