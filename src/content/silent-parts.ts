const FENCE = /^(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*(`{3,}|~{3,})(.*)$/;

/** For each line of a text, whether it belongs to a fenced block of code. */
export function fencedLines(lines: readonly string[]): readonly boolean[] {
  let open = "";
  return lines.map((line) => {
    const [, fence = "", info = ""] = FENCE.exec(line) ?? [];
    const wasOpen = open !== "";
    if (!wasOpen) open = fence.startsWith("`") && info.includes("`") ? "" : fence;
    else if (fence.startsWith(open) && info.trim() === "") open = "";
    return wasOpen || open !== "";
  });
}

/**
 * Tells whether a place of a text is in fenced code, in code within a line, or in a comment of HTML or
 * MDX, behind its first character: an include of VitePress is a comment itself.
 */
export function silentPlaces(text: string): (offset: number) => boolean {
  const isSilent = new Uint8Array(text.length);
  const lines = text.split("\n");
  const isFenced = fencedLines(lines);
  let offset = 0;
  for (const [at, line] of lines.entries()) {
    if (isFenced[at] === true) isSilent.fill(1, offset, offset + line.length);
    else markCode(line, offset, isSilent);
    offset += line.length + 1;
  }
  markComments(text, isSilent);
  return (place) => isSilent[place] === 1;
}

function markCode(line: string, offset: number, isSilent: Uint8Array): void {
  const marks = line.includes("`") ? [...line.matchAll(/`+/g)] : [];
  const lastAt = new Map(marks.map(({ 0: mark }, at) => [mark, at]));
  for (let at = 0; at < marks.length; at++) {
    const [open, mark = ""] = [marks[at], marks[at]?.[0]];
    if (open === undefined || lastAt.get(mark) === at) continue;
    do at++;
    while (marks[at]?.[0] !== mark);
    isSilent.fill(1, offset + open.index, offset + (marks[at]?.index ?? 0));
  }
}

function markComments(text: string, isSilent: Uint8Array): void {
  let from = 0;
  for (const { 0: mark, index } of text.matchAll(/<!--|\{\/\*/g)) {
    if (index < from || isSilent[index] === 1) continue;
    const end = text.indexOf(mark === "<!--" ? "-->" : "*/}", index);
    from = end === -1 ? text.length : end;
    isSilent.fill(1, index + 1, from);
  }
}
