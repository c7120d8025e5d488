import { makeReadersIndex } from "../../src/publishing/make-readers-index.ts";
import { openReader } from "../../src/reader/index.ts";
import { bytesOf, hosted, KINDS, quantile, sentFor, type Host, type Sent } from "./cost.ts";
import type { MeasuredSite } from "./sites.ts";

/** So many questions are typed letter by letter, spread over all. */
const TYPED = 20;

/** Texts that a reader is shown without scrolling. */
const VISIBLE = 5;

/** p50 and p95 of something. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
}

/** All that is measured of a site; bytes as gzip, times as those of the processor in milliseconds. */
export interface SiteCost {
  readonly sections: number;
  readonly sizes: Readonly<Record<(typeof KINDS)[number], number>>;
  readonly files: number;
  readonly first: Spread;
  readonly further: Spread;
  readonly typed: Spread;
  readonly requests: Spread;
  readonly furtherRequests: Spread;
  readonly roundTrips: Spread;
  /** The most of questions with a word that the index lacks. */
  readonly roundTripsUnknown: number;
  readonly roundTripsKnown: number;
  readonly cold: Spread;
  readonly warm: Spread;
  readonly keystroke: Spread;
  readonly buildMs: number;
  readonly heapMb: number;
}

const spread = (values: readonly number[]): Spread => ({
  p50: quantile(values, 0.5),
  p95: quantile(values, 0.95),
});

/** Milliseconds of the processor. */
async function cpuMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { system, user } = process.cpuUsage(before);
  return (system + user) / 1000;
}

const RUNS = 3;

/** Milliseconds for each text, the best of its runs. All texts take turns, so that none is asked twice running. */
async function cpuMsOfEach(
  texts: readonly string[],
  work: (text: string) => Promise<unknown>,
): Promise<number[]> {
  const best = texts.map(() => Infinity);
  for (let run = 0; run < RUNS; run += 1) {
    for (const [at, text] of texts.entries()) {
      best[at] = Math.min(best[at] ?? Infinity, await cpuMs(() => work(text)));
    }
  }
  return best;
}

/** Measures what a site's index costs to make, to send and to ask. */
export async function measureSite({ questions, sections }: MeasuredSite): Promise<SiteCost> {
  const about = { provider: "mock", model: null };
  const begun = process.cpuUsage();
  const index = await makeReadersIndex(sections, about);
  const { system, user } = process.cpuUsage(begun);
  const buildMs = (system + user) / 1000;
  const host = await hosted(index);
  return {
    sections: sections.length,
    files: host.files.size,
    sizes: {
      manifest: bytesOf(host, host.kinds.manifest),
      table: bytesOf(host, host.kinds.table),
      terms: bytesOf(host, host.kinds.terms),
      spellings: bytesOf(host, host.kinds.spellings),
      endings: bytesOf(host, host.kinds.endings),
      texts: bytesOf(host, host.kinds.texts),
    },
    ...(await measureSent(host, questions)),
    ...(await measureTimes(host, questions)),
    buildMs,
  };
}

type SentKeys =
  | "first"
  | "further"
  | "typed"
  | "requests"
  | "furtherRequests"
  | "roundTrips"
  | "roundTripsKnown"
  | "roundTripsUnknown";

async function measureSent(
  host: Host,
  questions: readonly string[],
): Promise<Pick<SiteCost, SentKeys>> {
  const first: (Sent & { readonly asked: readonly string[] })[] = [];
  const typed: number[] = [];
  for (const query of questions) {
    first.push(await sentFor(host, (reader) => reader.search(query, { limit: VISIBLE })));
  }
  for (const query of someOf(questions)) {
    const typing = await sentFor(host, async (reader) => {
      for (const text of keystrokes(query)) {
        await reader.search(text, { limit: VISIBLE, isTyping: true });
      }
    });
    typed.push(typing.bytes);
  }
  const words = new Set([...host.kinds.spellings, ...host.kinds.endings]);
  const once = new Set([...host.kinds.manifest, ...host.kinds.table]);
  const [unknown, known] = [true, false].map((wanted) =>
    first
      .filter(({ asked }) => asked.some((name) => words.has(name)) === wanted)
      .map(({ roundTrips }) => roundTrips),
  );
  const further = first.map(({ asked }) => asked.filter((name) => !once.has(name)));
  return {
    first: spread(first.map(({ bytes }) => bytes)),
    further: spread(further.map((names) => bytesOf(host, names))),
    typed: spread(typed),
    requests: spread(first.map(({ requests }) => requests)),
    furtherRequests: spread(further.map(({ length }) => length)),
    roundTrips: spread(first.map(({ roundTrips }) => roundTrips)),
    roundTripsKnown: Math.max(0, ...(known ?? [])),
    roundTripsUnknown: Math.max(0, ...(unknown ?? [])),
  };
}

const someOf = (questions: readonly string[]): string[] =>
  questions.filter((_, at) => at % Math.ceil(questions.length / TYPED) === 0);

/** What is in the box while a question is typed, from the third letter. */
const keystrokes = (query: string): string[] =>
  Array.from({ length: Math.max(0, query.length - 2) }, (_, at) => query.slice(0, at + 3));

type TimeKeys = "cold" | "warm" | "keystroke" | "heapMb";

async function measureTimes(
  host: Host,
  questions: readonly string[],
): Promise<Pick<SiteCost, TimeKeys>> {
  const source = { read: async (name: string) => host.files.get(name) ?? null };
  const cold: number[] = [];
  for (const query of questions) {
    cold.push(
      await cpuMs(async () => (await openReader(source)).search(query, { limit: VISIBLE })),
    );
  }
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const reader = await openReader(source);
  const options = { limit: VISIBLE, isTyping: true };
  const typed = someOf(questions).flatMap(keystrokes);
  // First without a clock: the engine compiles what it runs often, and the files are then all there.
  for (const text of [...questions, ...typed]) await reader.search(text, options);
  const warm = await cpuMsOfEach(questions, (query) => reader.search(query, { limit: VISIBLE }));
  const keystroke = await cpuMsOfEach(typed, (text) => reader.search(text, options));
  globalThis.gc?.();
  const heapMb = (process.memoryUsage().heapUsed - before) / 1e6;
  return { cold: spread(cold), warm: spread(warm), keystroke: spread(keystroke), heapMb };
}
