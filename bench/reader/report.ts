import { quantile } from "./cost.ts";
import type { SiteCost, Spread } from "./measure-site.ts";
import type { MeasuredSite } from "./sites.ts";

/** What the other searches cost on the same sites; bytes as gzip. */
export interface Others {
  /** Of siterag's own script. */
  readonly script: number;
  readonly sites: readonly {
    readonly pagefind: {
      readonly first: readonly number[];
      readonly script: number;
      readonly wasm: number;
    };
    /** The whole index. */
    readonly miniSearch: number;
  }[];
}

interface Budget {
  readonly name: string;
  readonly of: (cost: SiteCost) => number;
  /** Up to about 1,000 sections, and up to 8,000. */
  readonly most: readonly [small: number, large: number];
}

const KB = 1000;
/** Sites up to so many sections have the small budgets. */
const SMALL = 1200;
const MOST_SCRIPT = 12 * KB;

const BUDGETS: readonly Budget[] = [
  { name: "manifest", of: ({ sizes }) => sizes.manifest, most: [3 * KB, 12 * KB] },
  { name: "first question, p95", of: ({ first }) => first.p95, most: [60 * KB, 110 * KB] },
  { name: "further question, p95", of: ({ further }) => further.p95, most: [40 * KB, 80 * KB] },
  { name: "round trips", of: ({ roundTripsKnown }) => roundTripsKnown, most: [3, 3] },
  {
    name: "round trips, unknown word",
    of: ({ roundTripsUnknown }) => roundTripsUnknown,
    most: [5, 5],
  },
  { name: "requests, p95", of: ({ requests }) => requests.p95, most: [20, 20] },
  { name: "keystroke, p95 in ms", of: ({ keystroke }) => keystroke.p95, most: [5, 20] },
];

/** What does not hold, as sentences. */
export function brokenBudgets(costs: readonly SiteCost[], script: number): string[] {
  const broken = costs.flatMap((cost) => {
    const size = cost.sections <= SMALL ? 0 : 1;
    return BUDGETS.filter(({ most, of }) => of(cost) > most[size]).map(
      ({ most, name, of }) =>
        `${cost.sections} sections: ${name} is ${of(cost).toFixed(1)}, and may be ${most[size]}.`,
    );
  });
  return script > MOST_SCRIPT ? [...broken, `The script has ${script} bytes as gzip.`] : broken;
}

const kb = (bytes: number): string => (bytes / KB).toFixed(1);
const kbs = ({ p50, p95 }: Spread): string => `${kb(p50)} / ${kb(p95)}`;
const counts = ({ p50, p95 }: Spread): string => `${p50} / ${p95}`;
const times = ({ p50, p95 }: Spread): string => `${p50.toFixed(1)} / ${p95.toFixed(1)}`;

/** Rows of the table: what is measured, and its value for each site. */
const ROWS: readonly (readonly [string, (cost: SiteCost) => string | number])[] = [
  ["sections", ({ sections }) => sections],
  ["files", ({ files }) => files],
  ["manifest, KB", ({ sizes }) => kb(sizes.manifest)],
  ["sections table, KB", ({ sizes }) => kb(sizes.table)],
  ["all terms, KB", ({ sizes }) => kb(sizes.terms)],
  ["all spellings, KB", ({ sizes }) => kb(sizes.spellings)],
  ["all endings, KB", ({ sizes }) => kb(sizes.endings)],
  ["all texts, KB", ({ sizes }) => kb(sizes.texts)],
  ["first question, KB", ({ first }) => kbs(first)],
  ["further question, KB", ({ further }) => kbs(further)],
  ["first question typed from the third letter, KB", ({ typed }) => kbs(typed)],
  ["requests, first question", ({ requests }) => counts(requests)],
  ["requests, further question", ({ furtherRequests }) => counts(furtherRequests)],
  ["most round trips, first question", ({ roundTripsKnown }) => roundTripsKnown],
  ["the same with an unknown word", ({ roundTripsUnknown }) => roundTripsUnknown],
  ["cold question, CPU ms", ({ cold }) => times(cold)],
  ["warm question, CPU ms", ({ warm }) => times(warm)],
  ["warm keystroke, CPU ms", ({ keystroke }) => times(keystroke)],
  ["heap after all questions, MB", ({ heapMb }) => heapMb.toFixed(1)],
  ["making the index, CPU s", ({ buildMs }) => (buildMs / 1000).toFixed(1)],
];

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

/** All figures as Markdown. */
export function reportOf(
  sites: readonly MeasuredSite[],
  costs: readonly SiteCost[],
  others: Others,
): string {
  const pagefind = others.sites.map(({ pagefind: { first } }) => [
    quantile(first, 0.5),
    quantile(first, 0.95),
  ]);
  return [
    "# The readers' index, measured",
    "",
    "Written by `npm run bench:reader`. Bytes are as gzip, 1 KB is 1,000 bytes; two values are p50 / p95 over",
    "the questions. A question shows five texts; scripts are not counted. The sites:",
    "",
    ...sites.map(
      ({ name, questions, sections }) =>
        `- ${name}: ${sections.length} sections, ${questions.length} questions`,
    ),
    "",
    line(["", ...sites.map(({ name }) => name)]),
    line(["---", ...sites.map(() => "---:")]),
    ...ROWS.map(([name, value]) => line([name, ...costs.map(value)])),
    line([
      "Pagefind, first question, KB",
      ...pagefind.map(([p50 = 0, p95 = 0]) => kbs({ p50, p95 })),
    ]),
    line([
      "MiniSearch, before the first letter, KB",
      ...others.sites.map(({ miniSearch }) => kb(miniSearch)),
    ]),
    "",
    `siterag's script, bundled: ${kb(others.script)} KB.`,
    "",
  ].join("\n");
}
