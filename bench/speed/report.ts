import type { Cost } from "./processes.ts";

/** `must`: the bench fails where it does not hold; `goal`: it is only printed. */
type Kind = "must" | "goal";

/** What the bench prints, line by line. */
export interface Report {
  readonly lines: readonly string[];
  /** Musts that do not hold. */
  readonly broken: readonly string[];
  /** Begins a row of the table. */
  row(title: string): void;
  /** What one contestant took. */
  cost(name: string, cost: Partial<Cost>): void;
  note(text: string): void;
  /** A figure beside its bound. */
  bound(kind: Kind, figure: string, value: number, most: number, unit?: string): void;
  /** The same for a figure that must be large enough. */
  least(kind: Kind, figure: string, value: number, least: number, unit?: string): void;
}

const COLUMNS = ["wallMs", "cpuMs", "peakMb"] as const;
const HEADS = ["wall", "CPU", "peak"];
const UNITS = { wallMs: "ms", cpuMs: "ms", peakMb: "MB" } as const;
const NAME = 44;
const COLUMN = 12;

export function createReport(print: (line: string) => void): Report {
  const lines: string[] = [];
  const broken: string[] = [];
  let row = "";
  const put = (line: string): void => {
    lines.push(line.trimEnd());
    print(line.trimEnd());
  };
  const judge = (kind: Kind, figure: string, holds: boolean, text: string): void => {
    put(`  ${figure.padEnd(NAME)}${text}${holds ? "" : "  DOES NOT HOLD"}`);
    if (!holds && kind === "must") broken.push(`${row}: ${figure}`);
  };
  put(`${" ".repeat(NAME)}${HEADS.map((head) => head.padStart(COLUMN)).join("")}`);
  return {
    lines,
    broken,
    row: (title) => {
      row = title;
      put(`\n${title}`);
    },
    cost: (name, cost) => {
      const cells = COLUMNS.map((column) => {
        const value = cost[column];
        return value === undefined ? "" : `${amount(value)} ${UNITS[column]}`;
      });
      put(`  ${name.padEnd(NAME - 2)}${cells.map((cell) => cell.padStart(COLUMN)).join("")}`);
    },
    note: (text) => put(`  ${text}`),
    bound: (kind, figure, value, most, unit = "") =>
      judge(kind, figure, value <= most, `${amount(value)}${unit}  (${kind}: ≤ ${most}${unit})`),
    least: (kind, figure, value, least, unit = "") =>
      judge(kind, figure, value >= least, `${amount(value)}${unit}  (${kind}: ≥ ${least}${unit})`),
  };
}

const amount = (value: number): string =>
  value >= 100 ? Math.round(value).toString() : value.toPrecision(3);
