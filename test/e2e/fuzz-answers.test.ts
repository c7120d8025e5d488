import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { clientOf, geminiHarness } from "../providers/gemini/gemini-harness.ts";
import { docsSite, plainRows } from "../support/docs-site.ts";
import type { PlainRow } from "../support/docs-site.ts";
import { CALL_FAULTS, ROW_FAULTS } from "../support/emulator/fault-names.ts";
import type { FaultName } from "../support/emulator/fault-names.ts";
import type { Emulator } from "../support/emulator/emulator.ts";
import type { ScriptedFault } from "../support/emulator/faults.ts";
import { heldFetch } from "../support/held-fetch.ts";
import { committedFingerprints } from "../support/index-process.ts";
import { MANGLERS, mangledFetch } from "../support/mangled-fetch.ts";
import type { Mangling } from "../support/mangled-fetch.ts";
import { casesOf, named, SEEDS } from "../support/seeds.ts";

const CASES = 12;
const PAGES = 12;
/** Answers are wrong in the first runs. */
const BAD_RUNS = 2;
/** A case has at most 18 faults, and each run meets one of those that are left. */
const MOST_RUNS = 22;
/** A run takes a fraction of a second, whatever its virtual clock says. */
const LONGEST_MS = 20_000;

const ROADS = {
  individual: { strategy: "individual", textsPerCall: 4, maxParallelIndividual: 2 },
  batch: { strategy: "batch" },
  hybrid: { strategy: "auto", batchThreshold: 1000, urgentCount: 3 },
  deferred: { strategy: "batch", deadlineMinutes: 0 },
} as const;

const JOB_FAULTS = [
  "job-failed",
  "job-expired",
  "job-cancelled",
  "job-all-rows-failed",
  "job-refused",
  "create-unavailable-after",
  "create-cut-after",
  "job-unknown",
  "job-forbidden",
  "download-drop",
  "unknown-state",
] as const;

const names = <Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] =>
  Object.keys(table).filter((name): name is Name => name in table);

const FEW = { minLength: 1, maxLength: 3 };

type Manner = Mangling["how"];

const PAGING = ["the same page for ever", "two pages in a circle", "a new page for ever"] as const;
const GONE = ["forbidden", "unknown"] as const;
const OTHERS = names(MANGLERS).filter((how) => ![...PAGING, ...GONE].some((one) => one === how));
/** A list that is read as empty, or has lost a job, is a right answer: then the job is ordered again. */
const UNREADABLE = ["truncated", "empty", "html"] as const;

/** What a request may be answered instead, so that nothing says that its work was not done. */
const MANNERS: Readonly<Record<Mangling["route"], readonly Manner[]>> = {
  embed: OTHERS,
  upload: OTHERS,
  create: OTHERS,
  list: [...UNREADABLE, ...GONE, ...PAGING, ...PAGING, ...PAGING],
  look: [...OTHERS, ...GONE],
  download: [...OTHERS, ...GONE, ...GONE],
};

const mangling = (routes: readonly Mangling["route"][]): fc.Arbitrary<Mangling> =>
  fc.constantFrom(...routes).chain((route) =>
    fc.record({
      route: fc.constant(route),
      how: fc.constantFrom(...MANNERS[route]),
      after: fc.nat(1),
      times: fc.constantFrom(1, 2, 4, Number.POSITIVE_INFINITY),
      part: fc.nat(1000),
    }),
  );
/** Only after a lost answer to its creation does a client look for a job in the list. */
const LOST_JOB: Mangling = { route: "create", how: "truncated", after: 0, times: 1, part: 50 };
const LISTED = mangling(["list"]).map((one) => [LOST_JOB, { ...one, after: 0 }]);
const IN_JOBS = fc.oneof(
  { weight: 1, arbitrary: fc.array(mangling(["upload", "create", "look", "download"]), FEW) },
  { weight: 1, arbitrary: LISTED },
);
const IN_CALLS = fc.array(mangling(["embed"]), FEW);

const faultsFrom = <Name extends FaultName>(...all: readonly Name[]) =>
  fc.array(fc.record({ name: fc.constantFrom(...all), times: fc.integer({ min: 1, max: 3 }) }), {
    maxLength: 3,
  });
const ofCalls = faultsFrom(...CALL_FAULTS);
const ofJobs = faultsFrom(...JOB_FAULTS, ...ROW_FAULTS);

const CASE: fc.Arbitrary<Case> = fc.oneof(
  fc.record({ road: fc.constant("individual" as const), faults: ofCalls, manglings: IN_CALLS }),
  {
    weight: 2,
    arbitrary: fc.record({
      road: fc.constantFrom("batch" as const, "deferred" as const),
      faults: ofJobs,
      manglings: IN_JOBS,
    }),
  },
  fc.record({
    road: fc.constant("hybrid" as const),
    faults: fc.tuple(ofCalls, ofJobs).map((both) => both.flat()),
    manglings: fc.tuple(IN_CALLS, IN_JOBS).map((both) => both.flat()),
  }),
);

interface Case {
  readonly road: keyof typeof ROADS;
  readonly faults: readonly ScriptedFault[];
  readonly manglings: readonly Mangling[];
}

const SITE = Object.fromEntries(
  Array.from({ length: PAGES }, (_, page) => [`${page}.md`, `# Page ${page}\n\nText ${page}.\n`]),
);

it.each(SEEDS)(`ends right in ${CASES} streaks of bad luck of seed %i`, async (seed) => {
  const scratch = await siteOf({ road: "individual", faults: [], manglings: [] });
  await scratch.index([]);
  const expected = await plainRows(scratch.docs.config);
  const wrong: string[] = [];
  for (const one of casesOf(seed, CASES, CASE)) {
    const faults = await faultsOf(one.value, expected);
    wrong.push(...faults.map((fault) => `${fault}\n  in ${named(one)}`));
  }
  expect(wrong, wrong.join("\n")).toEqual([]);
});

/** Everything that goes wrong in runs until nothing is pending. */
async function faultsOf(given: Case, expected: readonly PlainRow[]): Promise<string[]> {
  const { docs, emulator, index } = await siteOf(given);
  const faults: string[] = [];
  const sums = { calls: 0, texts: 0, costUsd: 0 };
  let isComplete = false;
  for (let run = 1; run <= MOST_RUNS && (run <= BAD_RUNS || !isComplete); run += 1) {
    const committed = await committedFingerprints(docs.config);
    const seenBefore = emulator.seen.texts.length;
    const report = await inTime(index(run <= BAD_RUNS ? given.manglings : []));
    if (report instanceof Error) return [`throws ${report.name}: ${report.message}`];
    isComplete = report.chunks.pending === 0;
    sums.calls += report.usage.calls;
    sums.texts += report.usage.texts + report.usage.textsRepeated;
    sums.costUsd += report.usage.costUsd ?? 0;
    const told = [...report.warnings, ...report.failures].filter((line) => RAW.test(line));
    faults.push(...told.map((line) => `tells “${line}”`));
    const paidTwice = emulator.seen.texts
      .slice(seenBefore)
      .filter((text) => committed.has(fingerprintOf(text, expected)));
    if (paidTwice.length > 0) faults.push(`sends what is committed: ${paidTwice.join(", ")}`);
    if (faults.length > 0) return faults;
  }
  if (!isDeepStrictEqual(await plainRows(docs.config), expected))
    faults.push("other rows than from scratch");
  return [...faults, ...faultsOfBill(emulator, sums)];
}

/** The service never charges for what the summaries do not show. */
function faultsOfBill({ billed, seen }: Emulator, sums: Sums): string[] {
  return [
    ...(sums.calls === seen.calls ? [] : [`${seen.calls} calls arrived, ${sums.calls} are shown`]),
    ...(billed.texts <= sums.texts
      ? []
      : [`${billed.texts} texts are charged, ${sums.texts} are shown`]),
    ...(billed.costUsd <= sums.costUsd + 1e-9
      ? []
      : [`${billed.costUsd} $ are charged, ${sums.costUsd} $ shown`]),
  ];
}

type Sums = Readonly<Record<"calls" | "texts" | "costUsd", number>>;

/** What no sentence for people holds. */
const RAW = /ZodError|\n\s+at |invalid_type/u;

async function siteOf({ faults, road }: Case) {
  const batching = ROADS[road];
  const docs = await docsSite(SITE, {
    embedding: { provider: "gemini", dimensions: 128 },
    batching,
  });
  const { clock, emulator } = await geminiHarness({}, { jobMs: 60_000 });
  for (const fault of faults) emulator.addFault(fault);
  const index = (manglings: readonly Mangling[]) => {
    const fetch = mangledFetch(heldFetch(clock), manglings);
    const client = clientOf(emulator, clock, { fetch, batching: docs.config.batching });
    return indexSite({ config: docs.config, client, clock }).finally(() => clock.advance(120_000));
  };
  return { docs, emulator, index };
}

/** The value, or the error that it was rejected with. */
async function inTime<Value>(promise: Promise<Value>): Promise<Value | Error> {
  const { promise: late, resolve } = Promise.withResolvers<Error>();
  const timer = setTimeout(() => resolve(new Error("The run hangs.")), LONGEST_MS);
  const settled = promise.catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}

/** The fingerprint of a text as it was sent, `title: … | text: …`. */
function fingerprintOf(sent: string, rows: readonly PlainRow[]): string {
  const text = sent.replace(/^title: .*? \| text: /su, "");
  return rows.find((row) => row.text === text)?.fingerprint ?? `unknown text: ${text}`;
}
