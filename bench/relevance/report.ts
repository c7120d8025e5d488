import type { Question } from "./docs-sets.ts";
import { aheadOf, mrrOf, recallOf, type Ranks } from "./measures.ts";

export interface Row {
  readonly name: string;
  readonly ranks: Ranks;
}

const points = (value: number): string => value.toFixed(1);

/** The measured table as Markdown. */
export function tableOf(rows: readonly Row[], questions: readonly Question[]): string {
  const kinds = [...new Set(questions.map(({ kind }) => kind))];
  const count = (kind: string): number => questions.filter((one) => one.kind === kind).length;
  const head = [
    "engine",
    "MRR",
    "recall@1",
    "@5",
    "@10",
    ...kinds.map((kind) => `${kind} (${count(kind)})`),
  ];
  const lines = rows.map(({ name, ranks }) => [
    name,
    points(mrrOf(ranks)),
    ...[1, 5, 10].map((k) => points(recallOf(ranks, k))),
    ...kinds.map((kind) => points(mrrOf(ofKinds(ranks, questions, [kind])))),
  ]);
  return [head, head.map(() => "---"), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** How far the first row is ahead of each other one, with the paired 95 % interval. */
export const comparisonOf = ([first, ...others]: readonly Row[]): string =>
  others
    .map(({ name, ranks }) => {
      const { high, low, points: by } = aheadOf(first?.ranks ?? [], ranks);
      return `- ${first?.name} − ${name}: ${points(by)} (${points(low)} to ${points(high)})`;
    })
    .join("\n");

const ofKinds = (ranks: Ranks, questions: readonly Question[], kinds: readonly string[]): Ranks =>
  ranks.filter((_, at) => kinds.includes(questions[at]?.kind ?? ""));

const LEAST_OVER_EARLIER = 6;
const LEAST_OVER_MINISEARCH = 4;
const MOST_LOST = 2;
const LARGE_KIND = 20;
const LEAST_TYPOS = 80;

/** What does not hold of the bounds that the ranking was accepted by. */
export function faultsOf(
  own: Row,
  earlier: Row,
  miniSearches: readonly Row[],
  questions: readonly Question[],
): string[] {
  const faults: string[] = [];
  const ahead = (other: Row, least: number): void => {
    const { low, points: by } = aheadOf(own.ranks, other.ranks);
    if (by < least || low <= 0) {
      faults.push(
        `${own.name} is ${points(by)} points ahead of ${other.name} (from ${points(low)}), not ${least}.`,
      );
    }
  };
  ahead(earlier, LEAST_OVER_EARLIER);
  for (const other of miniSearches) ahead(other, LEAST_OVER_MINISEARCH);
  const kinds = Map.groupBy(questions, ({ kind }) => kind);
  const large = [...kinds].filter(([, its]) => its.length >= LARGE_KIND).map(([kind]) => kind);
  const small = [...kinds.keys()].filter((kind) => !large.includes(kind));
  for (const group of [...large.map((kind) => [kind]), small]) {
    const lost =
      mrrOf(ofKinds(earlier.ranks, questions, group)) - mrrOf(ofKinds(own.ranks, questions, group));
    if (lost > MOST_LOST) faults.push(`${group.join(", ")}: ${points(lost)} points below before.`);
  }
  const typos = recallOf(ofKinds(own.ranks, questions, ["typo"]), 5);
  if (kinds.has("typo") && typos < LEAST_TYPOS)
    faults.push(`Misspelt: ${points(typos)} % in five.`);
  return faults;
}
