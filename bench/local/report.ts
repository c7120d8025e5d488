/** What was measured of texts of one kind. */
interface OfKind {
  /** Milliseconds a text, one by one in a warm session. */
  readonly alone: number;
  /** The largest difference between a number of a vector in a batch and alone. */
  readonly difference: number;
  readonly rows: readonly {
    readonly size: number;
    readonly perText: number;
    readonly peak: number;
  }[];
  /** The largest batch without a budget of tokens. */
  readonly free: { readonly size: number; readonly peak: number };
}

export interface Results {
  readonly texts: number;
  readonly machine: string;
  readonly short: OfKind;
  readonly long: OfKind;
  /** Milliseconds a text with a new pipeline for each. */
  readonly fresh: number;
  /** Milliseconds a text of `siterag index` without vectors. */
  readonly words: number;
  /** Peak of memory for 1,000 texts, in megabytes. */
  readonly thousand: number;
  readonly shares: readonly (readonly [operator: string, share: number])[];
}

/** The bounds that issue 14 sets, by batch size: milliseconds a short text. */
const MOST_MS: Readonly<Record<number, number>> = { 8: 50, 16: 30, 32: 20, 64: 15 };

const BOUNDS = {
  overFresh: 10,
  overAloneShort: 1.2,
  overAloneLong: 0.95,
  longPeak: 450,
  thousandPeak: 2000,
  difference: 1e-5,
} as const;

/** The default of `embedding.batchSize`, which the bounds on speed-up and memory are about. */
const DEFAULT_SIZE = 32;

const PRODUCTS = /MatMul|Gemm|Attention/u;

const ms = (value: number): string => value.toFixed(1);
const times = (value: number): string => `${value.toFixed(2)} ×`;

/** The results as Markdown, and the bounds that do not hold. */
export function report(results: Results): {
  readonly text: string;
  readonly faults: readonly string[];
} {
  const { fresh, long, machine, shares, short, texts, thousand, words } = results;
  const faults = faultsOf(results);
  const products = shares.filter(([operator]) => PRODUCTS.test(operator));
  const share = products.reduce((sum, [, one]) => sum + one, 0);
  const text = [
    "# The provider local, measured",
    "",
    `\`npm run bench:local\`: a model of the size of all-MiniLM-L6-v2 with made weights, fp32, ${texts} texts, on ${machine}. Times are the fastest of five runs that alternate in one warm process; each peak of memory is that of a process of its own.`,
    "",
    ...tableOf("Texts of 12 to 32 tokens", short, fresh),
    ...tableOf("Texts of 240 to 256 tokens", long, null),
    `- A fresh pipeline for each text: ${ms(fresh)} ms a short text.`,
    `- Words alone (provider none): ${ms(words)} ms a short text for the whole of \`siterag index\`.`,
    `- 1,000 texts of 12 to 256 tokens: ${thousand} MB at the most.`,
    `- Largest difference between a vector in a batch and alone: ${Math.max(short.difference, long.difference).toExponential(1)}.`,
    `- Where the runtime spends its time (batches of 16 short texts): ${(share * 100).toFixed(0)} % in products of matrices (${products.map(([operator]) => operator).join(", ")}); then ${shares
      .filter(([operator]) => !PRODUCTS.test(operator))
      .slice(0, 4)
      .map(([operator, one]) => `${operator} ${(one * 100).toFixed(0)} %`)
      .join(", ")}.`,
    "",
    ...(faults.length === 0
      ? ["All bounds hold."]
      : ["Bounds that do not hold:", ...faults.map((fault) => `- ${fault}`)]),
    "",
  ].join("\n");
  return { text, faults };
}

const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;

function tableOf(title: string, { alone, free, rows }: OfKind, fresh: number | null): string[] {
  const head = ["batch size", "ms a text", "over one by one, warm", "peak MB"];
  const cells = [
    ["one by one (`embedText`)", ms(alone), "1", ""],
    ...rows.map(({ peak, perText, size }) => [
      String(size),
      ms(perText),
      times(alone / perText),
      String(peak),
    ]),
    [`${free.size}, no budget of tokens`, "", "", String(free.peak)],
  ];
  const all = fresh === null ? [head, ...cells] : withFresh(head, cells, fresh);
  const [first = [], ...others] = all;
  return [`## ${title}`, "", line(first), line(first.map(() => "---")), ...others.map(line), ""];
}

const withFresh = (
  head: readonly string[],
  cells: readonly (readonly string[])[],
  fresh: number,
): (readonly string[])[] => [
  [...head, "over a fresh pipeline"],
  ...cells.map((row) => [...row, row[1] === "" ? "" : `${(fresh / Number(row[1])).toFixed(0)} ×`]),
];

const atDefault = ({ rows }: OfKind) =>
  rows.find(({ size }) => size === DEFAULT_SIZE) ?? rows.at(-1);

function faultsOf({ fresh, long, short, thousand }: Results): string[] {
  const speedOf = (kind: OfKind): number => kind.alone / (atDefault(kind)?.perText ?? Infinity);
  const longPeak = Math.max(...long.rows.map(({ peak }) => peak));
  const difference = Math.max(short.difference, long.difference);
  const bounds: (readonly [what: string, holds: boolean])[] = [
    [
      `${BOUNDS.overFresh} × over a fresh pipeline`,
      fresh / (atDefault(short)?.perText ?? Infinity) >= BOUNDS.overFresh,
    ],
    [
      `${BOUNDS.overAloneShort} × over one by one on short texts (${times(speedOf(short))})`,
      speedOf(short) >= BOUNDS.overAloneShort,
    ],
    [
      `${BOUNDS.overAloneLong} × over one by one on long texts (${times(speedOf(long))})`,
      speedOf(long) >= BOUNDS.overAloneLong,
    ],
    [`${BOUNDS.longPeak} MB on long texts (${longPeak})`, longPeak <= BOUNDS.longPeak],
    [`${BOUNDS.thousandPeak} MB for 1,000 texts (${thousand})`, thousand <= BOUNDS.thousandPeak],
    [`a difference of ${BOUNDS.difference} (${difference})`, difference <= BOUNDS.difference],
    ...short.rows.map(({ perText, size }): readonly [string, boolean] => [
      `${MOST_MS[size]} ms a short text at ${size} (${ms(perText)})`,
      perText <= (MOST_MS[size] ?? Infinity),
    ]),
  ];
  return bounds.flatMap(([what, holds]) => (holds ? [] : [what]));
}
