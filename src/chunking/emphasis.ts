/** A run of `*`, `_` or `~` that may open or close emphasis. */
export interface Delimiter {
  readonly sign: string;
  start: number;
  readonly length: number;
  /** How many of its signs are not part of emphasis yet. */
  left: number;
  readonly canOpen: boolean;
  readonly canClose: boolean;
}

/** Runs that the same openers can match. */
const kindOf = ({ sign, length, canOpen }: Delimiter): string =>
  sign + String(canOpen) + (sign === "~" ? Math.min(length, 3) : length % 3);

function matches(opener: Delimiter, closer: Delimiter): boolean {
  if (opener.sign !== closer.sign) return false;
  if (opener.sign === "~") return opener.length === closer.length && closer.length < 3;
  if (!opener.canClose && !closer.canOpen) return true;
  const isThird = (opener.length + closer.length) % 3 === 0;
  return !isThird || (opener.length % 3 === 0 && closer.length % 3 === 0);
}

/** Index of the nearest opener for a run, not below `bottom`; -1 if there is none. */
function lastMatch(openers: readonly Delimiter[], run: Delimiter, bottom: number): number {
  for (let index = openers.length - 1; index >= bottom; index -= 1) {
    const opener = openers[index];
    if (opener !== undefined && matches(opener, run)) return index;
  }
  return -1;
}

/**
 * Finds the signs of emphasis among runs, in source order, as CommonMark does: nearest opener first, and
 * no opener is tried twice for runs of one kind.
 */
export function emphasisMarks(
  runs: readonly Delimiter[],
  mark: (start: number, end: number) => void,
): void {
  const openers: Delimiter[] = [];
  /** Below this index no opener matches a run of the kind. */
  const bottoms = new Map<string, number>();
  for (const run of runs) {
    const kind = kindOf(run);
    while (run.canClose && run.left > 0) {
      const found = lastMatch(openers, run, bottoms.get(kind) ?? 0);
      const opener = openers[found];
      if (opener === undefined) {
        bottoms.set(kind, openers.length);
        break;
      }
      const length = run.sign === "~" ? run.length : Math.min(run.left, opener.left, 2);
      opener.left -= length;
      mark(opener.start + opener.left, opener.start + opener.left + length);
      mark(run.start, run.start + length);
      run.start += length;
      run.left -= length;
      openers.length = opener.left > 0 ? found + 1 : found;
      for (const [other, bottom] of bottoms) bottoms.set(other, Math.min(bottom, openers.length));
    }
    if (run.canOpen && run.left > 0) openers.push(run);
  }
}
