import { DELIMITER_ROW } from "../chunking/table-cells.ts";
import type { Chunk } from "../words/types.ts";

type Part = Pick<Chunk, "id" | "text">;

const PART = /^(?<base>.*?)(?:~(?<part>\d+))?(?:@\d+)?$/su;

/** `guide.md#usage~2` is the second part of `guide.md#usage`. */
function partOf({ id }: Part): { readonly base: string; readonly number: number } {
  const { base = id, part = "1" } = PART.exec(id)?.groups ?? {};
  return { base, number: Number(part) };
}

/**
 * What parts of a long section repeat from the part before: its last sentences, where the configuration
 * wants an overlap, and the header of a table that was torn. As Markdown, once for each repetition.
 */
export function repeatedText(chunks: readonly Part[], hasOverlap: boolean): string[] {
  const byPlace = Map.groupBy(chunks, (chunk) => {
    const { base, number } = partOf(chunk);
    return `${base}~${number}`;
  });
  return chunks.flatMap((chunk) => {
    const { base, number } = partOf(chunk);
    if (number === 1) return [];
    // Two sections of one name share their ids but for `@2`.
    const before = byPlace.get(`${base}~${number - 1}`) ?? [];
    const repeated = before
      .map(({ text }) => [
        ...(hasOverlap ? sentencesOf(text, chunk.text) : []),
        ...headerOf(text, chunk.text),
      ])
      .find((texts) => texts.length > 0);
    return repeated ?? [];
  });
}

/** The first block of a part, if the part before ends with it. */
function sentencesOf(before: string, text: string): string[] {
  const end = text.indexOf("\n\n");
  const first = end < 0 ? "" : text.slice(0, end);
  return first !== "" && before.endsWith(first) ? [first] : [];
}

/** Header and delimiter row of the first table of a part, if the last table of the part before has the same. */
function headerOf(before: string, text: string): string[] {
  const header = headersIn(text)[0];
  return header !== undefined && headersIn(before).at(-1) === header ? [header] : [];
}

/** Marks of lists and quotations before a line. */
const MARKS = /^(?:[ \t]*(?:>|[-+*]|\d{1,9}[.)])(?:[ \t]|$))*[ \t]*/;

function headersIn(text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(MARKS, ""));
  return lines.flatMap((line, at) => {
    const delimiter = lines[at + 1];
    const isHeader = line.includes("|") && delimiter !== undefined && DELIMITER_ROW.test(delimiter);
    return isHeader ? [`${line}\n${delimiter}`] : [];
  });
}
