import { afterEach, expect, test, vi } from "vitest";
import { indexSite } from "../../../src/indexing/index-site.ts";
import { StoreTable } from "../../../src/store/store-table.ts";
import { docsSite, rowsOf } from "../../support/docs-site.ts";
import type { DocsSite, IndexedRow } from "../../support/docs-site.ts";
import type { Emulator } from "../../support/emulator/emulator.ts";
import { heldFetch } from "../../support/held-fetch.ts";
import { clientOf, generatorOf, geminiHarness, WRITING_MODEL } from "./gemini-harness.ts";

const embedding = { provider: "gemini", dimensions: 128 } as const;
const WRITES = ["append", "set", "upsert", "upsertIf", "delete"] as const;
/** Writes that change no row: the same on every road, so one of them is enough. */
const UPKEEP = ["compact", "tidy"] as const;

/** Counts what a run does to the world, and lets nothing happen after a number of effects. */
class Effects {
  done = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get isDead(): boolean {
    return this.done >= this.#most;
  }

  /** Has its effect, and tells nobody when it is the last one: a dead run hears no answer. */
  async have<Value>(effect: () => Promise<Value>): Promise<Value> {
    if (this.isDead) throw new Error("The run is dead.");
    this.done += 1;
    const value = await effect();
    if (this.isDead) throw new Error("The run has died.");
    return value;
  }

  /** Looks at the world: to die before it is to die after it. */
  async look<Value>(look: () => Promise<Value>): Promise<Value> {
    if (this.isDead) throw new Error("The run is dead.");
    return look();
  }
}

/** Every write into any table counts from now on. */
function watchStore(effects: Effects, withUpkeep: boolean): void {
  for (const name of withUpkeep ? [...WRITES, ...UPKEEP] : WRITES) {
    const write: unknown = Reflect.get(StoreTable.prototype, name);
    if (typeof write !== "function") throw new TypeError(`StoreTable has no ${name}.`);
    vi.spyOn(StoreTable.prototype, name).mockImplementation(function (
      this: unknown,
      ...given: readonly unknown[]
    ): Promise<void> {
      return effects.have(() => Promise.resolve(Reflect.apply(write, this, given)));
    });
  }
}

/** Every request counts that does more than ask. */
const dying =
  (send: typeof fetch, effects: Effects): typeof fetch =>
  (input, init) => {
    const request = new Request(input, init);
    const respond = async (): Promise<Response> => {
      const response = await send(request);
      // Nobody is going to read it, and time waits for that.
      if (effects.isDead) await response.body?.cancel();
      return response;
    };
    return request.method === "GET" ? effects.look(respond) : effects.have(respond);
  };

interface Site {
  readonly docs: DocsSite;
  readonly emulator: Emulator;
  /** Runs until the effects are used up, or to the end. */
  readonly run: (effects: Effects | null) => Promise<void>;
}

async function makeSite({ pages, enrich = "off", batching: given }: Road): Promise<Site> {
  const docs = await docsSite(
    Object.fromEntries(
      Array.from({ length: pages }, (_, page) => [
        `${page}.md`,
        `# Page ${page}\n\nText ${page}.\n`,
      ]),
    ),
    {
      embedding,
      batching: { ...given, maxParallelIndividual: 2 },
      generation: { enrich, model: WRITING_MODEL },
    },
  );
  const { batching } = docs.config;
  const { clock, emulator } = await geminiHarness({}, { jobMs: 5_000 });
  const held = heldFetch(clock);
  const run = async (effects: Effects | null): Promise<void> => {
    const fetch = effects === null ? held : dying(held, effects);
    const client = clientOf(emulator, clock, { batching, fetch });
    const generator = generatorOf(emulator, clock, { batching, fetch });
    const isHybrid = given.strategy === "auto" && given.textsPerCall > 1;
    if (effects !== null) watchStore(effects, isHybrid);
    const { config } = docs;
    await indexSite({ config, client, generator, clock }).catch((error: unknown) => {
      if (effects?.isDead !== true) throw error;
    });
    vi.restoreAllMocks();
  };
  return { docs, emulator, run };
}

/** What the first page says after the run has died. */
const EDITED = "# Page 0\n\nAnother text.\n";

const fingerprintsOf = (rows: ReadonlyMap<string, IndexedRow>): string[] =>
  [...rows.values()].map((row) => `${row.id} ${row.fingerprint} ${row.vectorFingerprint}`).sort();

/** Jobs that go on or have served, by display name. */
const liveJobs = ({ jobs }: Emulator): number[] => {
  const live = jobs.filter(({ state }) => !/FAILED|EXPIRED|CANCELLED/u.test(state));
  return [...Map.groupBy(live, ({ displayName }) => displayName).values()].map((one) => one.length);
};

/** One way that a run can go. */
interface Road {
  readonly pages: number;
  readonly batching: {
    readonly strategy: "auto" | "individual";
    readonly textsPerCall: number;
    readonly batchThreshold?: number;
    readonly hybridThreshold?: number;
  };
  readonly enrich?: "off" | "context";
  /** Texts in calls that are not committed at some instant, at most. */
  readonly mostTwice: number;
}

/** A file for each road calls it: they take longest of all tests, and so run first, side by side. */
export function testDeaths(road: Road): void {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("is completed by the next run, whichever effect it died at, and nothing stored is paid for again", async () => {
    const { mostTwice, pages } = road;
    const whole = await makeSite(road);
    const all = new Effects(Number.POSITIVE_INFINITY);
    await whole.run(all);
    await whole.docs.write("0.md", EDITED);
    await whole.run(null);
    const expected = fingerprintsOf(await rowsOf(whole.docs.config));
    expect(expected).toHaveLength(pages);
    expect(all.done).toBeGreaterThan(8);

    for (let last = 0; last < all.done; last += 1) {
      const { docs, emulator, run } = await makeSite(road);
      await run(new Effects(last));
      // Another set of texts: no job is found again by the name of the set alone.
      await docs.write("0.md", EDITED);
      await run(null);
      const what = `after effect ${last} of ${all.done}`;
      expect(fingerprintsOf(await rowsOf(docs.config)), what).toEqual(expected);
      expect(emulator.billed.duplicates, what).toBeLessThanOrEqual(mostTwice);
      expect(emulator.generation.billed.duplicates, what).toBeLessThanOrEqual(mostTwice);
      expect(
        liveJobs(emulator).every((count) => count === 1),
        what,
      ).toBe(true);
      await emulator.close();
    }
  }, 120_000);
}
