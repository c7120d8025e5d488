import type { Element } from "hast";
import { elementsIn, propertyOf } from "../../html/elements.ts";
import { isOut } from "../../html/what-is-out.ts";
import { inlineMarkdown } from "./inline-markdown.ts";
import { readInline } from "./inline-reader.ts";

/** The parts of a table that readers see. */
export interface TableParts {
  readonly captions: readonly Element[];
  readonly rows: readonly Element[];
  /** Whether the first row is a header. */
  readonly hasHeader: boolean;
}

const isShown = (node: Element["children"][number]): node is Element =>
  node.type === "element" && !isOut(node);

export function tableParts(table: Element): TableParts {
  const parts = table.children.filter(isShown);
  const heads = parts.filter(({ tagName }) => tagName === "thead");
  const others = parts.filter(({ tagName }) => tagName === "tbody" || tagName === "tr");
  const feet = parts.filter(({ tagName }) => tagName === "tfoot");
  const rows = [...heads, ...others, ...feet].flatMap((part) =>
    part.tagName === "tr" ? [part] : part.children.filter(isShown),
  );
  const [first] = rows;
  const isHeader = first !== undefined && cellsIn(first).every(({ tagName }) => tagName === "th");
  const captions = parts.filter(({ tagName }) => tagName === "caption");
  return {
    captions,
    rows,
    hasHeader: isHeader || heads.some((head) => head.children.some(isShown)),
  };
}

export const cellsIn = (row: Element): Element[] => row.children.filter(isShown);

const NOT_IN_CELLS: ReadonlySet<string> = new Set("pre table h1 h2 h3 h4 h5 h6".split(" "));

/** Whether cells hold what a table of Markdown can't: code blocks, tables, headings. */
export const isLayout = (rows: readonly Element[]): boolean =>
  rows.some((row) => {
    for (const { tagName } of elementsIn(row, isOut)) if (NOT_IN_CELLS.has(tagName)) return true;
    return false;
  });

/** Most columns that a cell may span. */
const WIDEST = 100;

const spanOf = (cell: Element, name: string, most: number): number => {
  const written = Number.parseInt(propertyOf(cell, name) ?? "1", 10);
  return Number.isNaN(written) ? 1 : Math.min(Math.max(written, 1), most);
};

/** The rows as Markdown, the header first; a cell that spans several is in the first of them. */
export function tableRows({ rows, hasHeader }: TableParts): string[][] {
  const taken = new Map<number, number>();
  const cells = rows.map((row) => {
    const line: string[] = [];
    const skipTaken = (): void => {
      for (let left = taken.get(line.length) ?? 0; left > 0; left = taken.get(line.length) ?? 0) {
        taken.set(line.length, left - 1);
        line.push("");
      }
    };
    for (const cell of cellsIn(row)) {
      skipTaken();
      const below = spanOf(cell, "rowSpan", rows.length) - 1;
      const text = inlineMarkdown(readInline(cell.children), "cell");
      for (let column = spanOf(cell, "colSpan", WIDEST); column > 0; column -= 1) {
        if (below > 0) taken.set(line.length, below);
        line.push(column === spanOf(cell, "colSpan", WIDEST) ? text : "");
      }
    }
    skipTaken();
    return line;
  });
  const all = hasHeader ? cells : [[], ...cells];
  const columns = all.reduce((most, { length }) => Math.max(most, length), 0);
  const [header = [], ...rest] = all;
  return [[...header, ...Array.from({ length: columns - header.length }, () => "")], ...rest];
}
