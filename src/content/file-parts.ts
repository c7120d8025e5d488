import { fencedLines } from "./silent-parts.ts";
import type { IncludedFile } from "./included-files.ts";

/** Which lines of a file are included. */
export interface PartOfFile {
  /** Name of a region, or id of a heading; null: the whole file. */
  readonly region: string | null;
  /** 1-based first and last line, of the region if there is one; null without. */
  readonly range: { readonly first: number; readonly last: number } | null;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The lines of a part, without frontmatter. As in VitePress: all regions of the name, else what stands
 * under the heading of that id, else the whole file.
 */
export function linesOfPart(file: IncludedFile, part: PartOfFile): readonly string[] {
  const { lines, bodyLine } = file;
  const numbered = lines.map((line, at) => ({ line, at }));
  const spans = part.region === null ? [] : spansNamed(lines, part.region);
  const named =
    spans.length === 0 ? numbered : spans.flatMap(({ start, end }) => numbered.slice(start, end));
  const chosen = part.range === null ? named : named.slice(part.range.first - 1, part.range.last);
  return chosen.filter(({ at }) => at >= bodyLine - 1).map(({ line }) => line);
}

const spansNamed = (lines: readonly string[], name: string): readonly Span[] => {
  const regions = regionsNamed(lines, name);
  return regions.length > 0 ? regions : underHeading(lines, name);
};

/** A comment that opens or closes a region, in any language that editors fold, and the region's name. */
const REGION =
  /^\s*(?:"?\/\/|--|::|@?rem\b|#|<!--|\/\*|\(\*)[\s#]*(?:pragma\s+)?(end ?)?region\b\s*"?([^\s"*]*)/i;

export const isRegionMark = (line: string): boolean => REGION.test(line);

function regionsNamed(lines: readonly string[], name: string): readonly Span[] {
  const open: { readonly name: string; readonly start: number }[] = [];
  const found: Span[] = [];
  for (const [at, line] of lines.entries()) {
    const [mark, end, written = ""] = REGION.exec(line) ?? [];
    if (mark === undefined) continue;
    const label = written.replace(/-->$/, "");
    if (end === undefined) open.push({ name: label, start: at + 1 });
    else {
      const last = label === "" ? open.length - 1 : open.findLastIndex((one) => one.name === label);
      const [closed] = last === -1 ? [] : open.splice(last);
      const isOuter = closed?.name === name && open.every((one) => one.name !== name);
      if (isOuter) found.push({ start: closed.start, end: at });
    }
  }
  return found;
}

const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*)$/;

function underHeading(lines: readonly string[], id: string): readonly Span[] {
  const isFenced = fencedLines(lines);
  const headings = lines.flatMap((line, at) => {
    const [, marks, text = ""] = (isFenced[at] === true ? null : HEADING.exec(line)) ?? [];
    return marks === undefined ? [] : [{ at, depth: marks.length, text }];
  });
  const found = headings.findIndex(({ text }) => idOf(text) === id);
  const heading = headings[found];
  if (heading === undefined) return [];
  const next = headings.slice(found + 1).find(({ depth }) => depth <= heading.depth);
  return [{ start: heading.at + 1, end: next?.at ?? lines.length }];
}

/** The id that VitePress gives a heading, but for the number of a repeated one. */
function idOf(heading: string): string {
  const [, explicit] = /\{#([^\s{}]+)\}\s*$/.exec(heading) ?? [];
  if (explicit !== undefined) return explicit;
  return heading
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[\s~`!@#$%^&*()\-_+=[\]{}|\\;:"'“”‘’<>,.?/]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .toLowerCase();
}
