import { describe, expect, test } from "vitest";
import type { EmbeddingClient, PlanExecution } from "../../src/embedding/client.ts";
import { Spending } from "../../src/sending/spending.ts";
import type { ErrorCode } from "../../src/words/errors.ts";
import { SiteragError } from "../../src/words/errors.ts";
import { NO_BUDGET } from "../../src/planning/budget.ts";
import { chooseStrategy } from "../../src/planning/choose-strategy.ts";
import type { BatchingOptions } from "../../src/planning/choose-roads.ts";
import type { Clock, EmbeddingResult, Plan, PlanItem, SettledItem } from "../../src/words/types.ts";
import { BATCHING, itemsOf } from "../planning/plan-items.ts";

/** What the suite can make the service do wrong to every call, job or row with a given text. */
type CallFault = "rate-limited" | "unavailable" | "short-answer" | "wrong-length" | "not-a-number";

type ContractFault =
  | CallFault
  | "row-failed"
  | "row-missing"
  | "row-wrong-length"
  | "job-refused"
  | "job-failed"
  | "job-expired"
  | "job-cancelled"
  | "job-endless";

/** A client with a service behind it, as far as the suite must look at it. */
interface ClientHarness<Fault> {
  readonly client: EmbeddingClient;
  /** Virtual: the time that client and service live in. A job takes less than an hour of it. */
  readonly clock: Clock;
  /** What the service has seen so far, each try of a call counted. */
  readonly seen: () => {
    readonly calls: number;
    readonly jobs: number;
    readonly texts: readonly string[];
    readonly mostCallsAtOnce: number;
  };
  /**
   * From now on every call, job or row with a text that holds `text` meets the fault, and so does
   * every repetition of it. A text whose row fails cannot be embedded by a call either.
   */
  readonly addFault: (name: Fault, text: string) => void;
}

/** Makes a client that plans and runs by the given settings; called once a test. */
type MakeHarness<Fault> = (batching: BatchingOptions) => Promise<ClientHarness<Fault>>;

const HOUR_MS = 3_600_000;

/** Texts named `text 0.`, `text 1.` …: none is a part of another one. */
const textOf = ({ fingerprint }: PlanItem): string => `text ${fingerprint}.`;

const diskFull = () => Promise.reject(new Error("disk full"));

const named = (texts: readonly string[]) => texts.map((text, at) => ({ text, tag: `tag ${at}` }));

/** How the fault of a call or a job looks from the outside. */
const CALL_FAULTS: readonly (readonly [CallFault, ErrorCode])[] = [
  ["rate-limited", "RATE_LIMITED"],
  ["unavailable", "UNAVAILABLE"],
  ["short-answer", "ANSWER_MALFORMED"],
  ["wrong-length", "ANSWER_MALFORMED"],
  ["not-a-number", "ANSWER_MALFORMED"],
];
const JOB_FAULTS: readonly (readonly [ContractFault, ErrorCode])[] = [
  ["job-failed", "JOB_FAILED"],
  ["job-expired", "JOB_FAILED"],
  ["job-cancelled", "JOB_FAILED"],
];

/** What every embedding client keeps to; the suite speaks through the port and the harness alone. */
export function describeEmbeddingClient(
  name: string,
  makeHarness: MakeHarness<ContractFault>,
): void {
  describePlans(name, makeHarness);
  describeIndividualCalls(name, makeHarness);
  describeBatchJobs(name, makeHarness);
}

/** What holds for every plan, whichever roads it takes. */
function describePlans(name: string, makeHarness: MakeHarness<ContractFault>): void {
  const planned = planning(makeHarness);

  describe(`${name}: every plan`, () => {
    test.each([
      { what: "an empty plan", texts: 0, strategy: "auto", calls: 0, jobs: 0 },
      { what: "individual calls", texts: 25, strategy: "individual", calls: 3, jobs: 0 },
      { what: "a hybrid plan", texts: 7, strategy: "auto", calls: 1, jobs: 1 },
      { what: "a batch plan", texts: 25, strategy: "batch", calls: 0, jobs: 1 },
    ] as const)("$what: one call a pack, one job a pack, every text once", async (given) => {
      const settings = { strategy: given.strategy, textsPerCall: 10 };
      const { harness, plan } = await planned(given.texts, settings);
      const { results, usage } = await carryOut(harness, plan);
      const seen = harness.seen();
      expect(seen).toMatchObject({ calls: given.calls, jobs: given.jobs });
      expect(usage).toMatchObject({ calls: given.calls, jobs: given.jobs, texts: given.texts });
      expect(seen.texts.toSorted()).toEqual(itemsOf(given.texts).map(textOf).toSorted());
      expect([...results.keys()].toSorted()).toEqual(
        itemsOf(given.texts)
          .map((item) => item.fingerprint)
          .toSorted(),
      );
      for (const item of plan.calls.flat()) {
        expect(results.get(item.fingerprint)).toMatchObject({ status: "ok", route: "individual" });
      }
      for (const item of plan.jobs.flat()) {
        expect(results.get(item.fingerprint)).toMatchObject({ status: "ok", route: "batch" });
      }
    });
  });
}

/** The part of the suite for a client, or an account, that may have no batch jobs. */
function describeIndividualCalls(name: string, makeHarness: MakeHarness<CallFault>): void {
  const planned = planning(makeHarness);

  describe(`${name}: individual calls`, () => {
    test("a call waits for the settling of the one before it in its place", async () => {
      const settings = {
        strategy: "individual",
        textsPerCall: 1,
        maxParallelIndividual: 1,
      } as const;
      const { harness, plan } = await planned(3, settings);
      const callsAtEnd: number[] = [];
      await carryOut(harness, plan, {
        settle: async () => {
          await harness.clock.sleep(HOUR_MS);
          callsAtEnd.push(harness.seen().calls);
        },
      });
      expect(callsAtEnd).toEqual([1, 2, 3]);
    });

    test.each([1, 3])("never more than %i calls are under way, and that many are", async (most) => {
      const settings = {
        strategy: "individual",
        textsPerCall: 1,
        maxParallelIndividual: most,
      } as const;
      const { harness, plan } = await planned(12, settings);
      await carryOut(harness, plan);
      expect(harness.seen().mostCallsAtOnce).toBe(most);
    });

    test("what `settle` throws ends the run, and nothing more is sent", async () => {
      const settings = {
        strategy: "individual",
        textsPerCall: 1,
        maxParallelIndividual: 1,
      } as const;
      const { harness, plan } = await planned(5, settings);
      await expect(carryOut(harness, plan, { settle: diskFull })).rejects.toThrow("disk full");
      expect(harness.seen().calls).toBe(1);
    });

    test.each(CALL_FAULTS)("%s fails the texts of its call alone, as %s", async (fault, code) => {
      const { harness, plan } = await planned(6, { strategy: "individual", textsPerCall: 2 });
      harness.addFault(fault, "text 2.");
      expect(await failures(harness, plan)).toEqual(allOf(["2", "3"], code));
    });

    test("what passes the budget is not sent, and pending", async () => {
      const { harness, plan } = await planned(5, { strategy: "individual", textsPerCall: 2 });
      expect(await overBudget(harness, plan, 3)).toEqual({ sent: 3, pending: ["3", "4"] });
    });

    test("an abort sends nothing more, and the call under way is settled", async () => {
      const settings = { textsPerCall: 1, urgentCount: 3, maxParallelIndividual: 1 };
      const { harness, plan } = await planned(8, settings);
      const controller = new AbortController();
      const settled: string[] = [];
      await carryOut(harness, plan, {
        signal: controller.signal,
        settle: async (some) => {
          settled.push(...some.map(({ item }) => item.fingerprint));
          controller.abort();
        },
      });
      expect(settled).toEqual(["0"]);
      expect(harness.seen()).toMatchObject({ calls: 1, jobs: 0 });
    });
  });

  describe(`${name}: a set of requests`, () => {
    const twelve = named(TWELVE);

    test("results keep number, order and tags, and equal texts are sent once", async () => {
      const { client, seen } = await makeHarness(BATCHING);
      const texts = ["b", "a", "b", "c", "a"];
      const { results } = await client.embedContent(named(texts));
      expect(results.map(({ status, tag }) => [status, tag])).toEqual(
        texts.map((_, at) => ["ok", `tag ${at}`]),
      );
      const [b, a, again, c] = results.map(vectorOf);
      expect(again).toEqual(b);
      expect(new Set([a, b, c].map((vector) => vector?.join())).size).toBe(3);
      expect(seen().texts.toSorted()).toEqual(["a", "b", "c"]);
    });

    test("an empty list sends nothing", async () => {
      const { client, seen } = await makeHarness(BATCHING);
      expect((await client.embedContent([])).results).toEqual([]);
      expect(seen()).toMatchObject({ calls: 0, jobs: 0 });
    });

    test.each(["", " \n\t"])(
      "a request without text (%j) is named, and nothing is sent",
      async (text) => {
        const { client, seen } = await makeHarness(BATCHING);
        const error = await rejection(client.embedContent(named(["good", text, "good too"])));
        expect(error).toMatchObject({ code: "INVALID_REQUEST" });
        expect(error.message).toContain("Request 1 (“tag 1”)");
        expect(seen()).toMatchObject({ calls: 0, jobs: 0 });
      },
    );

    test("both forces at once are refused before anything is sent", async () => {
      const { client, seen } = await makeHarness(BATCHING);
      const forces = { forceBatch: true, forceIndividual: true };
      const error = await rejection(client.embedContent(twelve, forces));
      expect(error).toMatchObject({ code: "USAGE" });
      expect(seen()).toMatchObject({ calls: 0, jobs: 0 });
    });
  });
}

/** The part of the suite for batch jobs, alone and beside calls. */
function describeBatchJobs(name: string, makeHarness: MakeHarness<ContractFault>): void {
  const planned = planning(makeHarness);

  describe(`${name}: batch jobs`, () => {
    test("what passes the budget is in no job, and pending", async () => {
      const { harness, plan } = await planned(5, { strategy: "batch" });
      expect(await overBudget(harness, plan, 3)).toEqual({ sent: 3, pending: ["3", "4"] });
    });

    test("a text gets the same vector by either road, of unit length and the right size", async () => {
      const byCalls = await planned(6, { strategy: "individual", textsPerCall: 2 });
      const byJobs = await planned(6, { strategy: "batch" });
      const one = await carryOut(byCalls.harness, byCalls.plan);
      const other = await carryOut(byJobs.harness, byJobs.plan);
      const { dimensions } = byCalls.harness.client.space;
      const seen = new Set<string>();
      for (const { fingerprint } of itemsOf(6)) {
        const vector = vectorOf(one.results.get(fingerprint));
        expect(vectorOf(other.results.get(fingerprint))).toEqual(vector);
        expect(vector).toHaveLength(dimensions);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 3);
        seen.add(vector.join());
      }
      expect(seen.size).toBe(6);
    });

    test("what goes at once is settled before the job, and each settling is awaited", async () => {
      const { harness, plan } = await planned(9, { urgentCount: 4, textsPerCall: 2 });
      const events: string[] = [];
      await carryOut(harness, plan, {
        settle: async (settled) => {
          const names = settled.map(({ item }) => item.fingerprint).join();
          events.push(`begin ${names}`);
          await harness.clock.sleep(1000);
          events.push(`end ${names}`);
        },
      });
      expect(events.slice(0, 4).toSorted()).toEqual([
        "begin 0,1",
        "begin 2,3",
        "end 0,1",
        "end 2,3",
      ]);
      expect(events.slice(4)).toEqual(["begin 4,5,6,7,8", "end 4,5,6,7,8"]);
    });

    test("a row that failed fails its text of a job alone, if a call fails too", async () => {
      const { harness, plan } = await planned(6, { strategy: "batch" });
      harness.addFault("row-failed", "text 2.");
      expect(await failures(harness, plan)).toEqual({ 2: "EMBEDDING_FAILED" });
    });

    test.each(["row-missing", "row-wrong-length"] as const)(
      "%s: its text alone goes by a call",
      async (fault) => {
        const { harness, plan } = await planned(6, { strategy: "batch" });
        harness.addFault(fault, "text 2.");
        const { results, usage } = await carryOut(harness, plan);
        expect(routes(results)).toEqual([
          "batch",
          "batch",
          "individual",
          "batch",
          "batch",
          "batch",
        ]);
        expect(usage).toMatchObject({ calls: 1, jobs: 1, texts: 6, textsRepeated: 1 });
      },
    );

    test("a refused job: under `auto` its texts go by calls", async () => {
      const { harness, plan } = await planned(12);
      harness.addFault("job-refused", "text 4.");
      const { results } = await carryOut(harness, plan);
      expect(new Set(routes(results))).toEqual(new Set(["individual"]));
    });

    test("a refused job: under `batch` its texts are pending", async () => {
      const { harness, plan } = await planned(12, { strategy: "batch" });
      harness.addFault("job-refused", "text 4.");
      const { results, usage } = await carryOut(harness, plan);
      expect(new Set(statuses(results))).toEqual(new Set(["pending"]));
      expect(usage).toMatchObject({ calls: 0, jobs: 0, texts: 0 });
    });

    test.each([
      { onDeadline: "defer", outcome: "pending" },
      { onDeadline: "individual", outcome: "ok" },
      { onDeadline: "fail", outcome: "failed" },
    ] as const)("at the deadline $onDeadline: $outcome", async ({ onDeadline, outcome }) => {
      const { harness, plan } = await planned(12, { strategy: "batch" });
      harness.addFault("job-endless", "text 4.");
      const bounds = { deadlineMs: HOUR_MS, onDeadline };
      const { results } = await carryOut(harness, plan, bounds);
      expect(new Set(statuses(results))).toEqual(new Set([outcome]));
    });

    test.each(JOB_FAULTS)("%s fails the texts of its job alone, as %s", async (fault, code) => {
      const { harness, plan } = await planned(6, { urgentCount: 2 });
      harness.addFault(fault, "text 4.");
      expect(await failures(harness, plan)).toEqual(allOf(["2", "3", "4", "5"], code));
    });

    test.each([0, HOUR_MS])("a job without end is pending after %i ms", async (deadlineMs) => {
      const { harness, plan } = await planned(6, { urgentCount: 2 });
      harness.addFault("job-endless", "text 4.");
      const started = harness.clock.now();
      const { results, usage } = await carryOut(harness, plan, { deadlineMs });
      expect(statuses(results)).toEqual(["ok", "ok", "pending", "pending", "pending", "pending"]);
      expect(results.get("4")).toEqual({
        status: "pending",
        job: expect.stringMatching(/./u),
        reason: expect.stringMatching(/./u),
      });
      expect(usage).toMatchObject({ calls: 1, jobs: 1, texts: 6 });
      const waitedMs = harness.clock.now() - started;
      expect(waitedMs).toBeGreaterThanOrEqual(deadlineMs);
      expect(waitedMs).toBeLessThan(deadlineMs + 60_000);
    });

    test("a job that ends before the deadline is not waited for any longer", async () => {
      const { harness, plan } = await planned(6, { strategy: "batch" });
      const started = harness.clock.now();
      const { results } = await carryOut(harness, plan, { deadlineMs: 100 * HOUR_MS });
      expect(new Set(statuses(results))).toEqual(new Set(["ok"]));
      expect(harness.clock.now() - started).toBeLessThan(2 * HOUR_MS);
    });

    test("an abort while a job runs leaves it, as pending", async () => {
      const { harness, plan } = await planned(5, { strategy: "batch" });
      harness.addFault("job-endless", "text 4.");
      const controller = new AbortController();
      const aborting = harness.clock.sleep(2 * HOUR_MS).then(() => controller.abort());
      const { results } = await carryOut(harness, plan, { signal: controller.signal });
      await aborting;
      expect(new Set(statuses(results))).toEqual(new Set(["pending"]));
    });
  });

  describe(`${name}: a set of requests by jobs`, () => {
    const twelve = named(TWELVE);

    test.each([
      { what: "the thresholds", options: {}, calls: 0, jobs: 1 },
      { what: "forceIndividual", options: { forceIndividual: true }, calls: 1, jobs: 0 },
      { what: "a purpose in a hurry", options: { purpose: "rag_query" }, calls: 1, jobs: 0 },
      {
        what: "forceBatch before the purpose",
        options: { forceBatch: true, purpose: "rag_query" },
        calls: 0,
        jobs: 1,
      },
    ] as const)("goes by $what", async ({ options, calls, jobs }) => {
      const { client, seen } = await makeHarness(BATCHING);
      const reasons: string[] = [];
      const logger = { info: (text: string) => reasons.push(text), warn: () => undefined };
      const { results } = await client.embedContent(twelve, { ...options, logger });
      expect(results.map(({ status }) => status)).toEqual(twelve.map(() => "ok"));
      expect(seen()).toMatchObject({ calls, jobs });
      expect(reasons).toEqual([expect.stringMatching(/^12 texts → (individual|batch): /u)]);
    });

    test("urgent requests go at once, the rest as a job", async () => {
      const { client } = await makeHarness(BATCHING);
      const requests = twelve
        .slice(0, 6)
        .map((request, at) => ({ ...request, urgent: at % 2 === 1 }));
      const { results } = await client.embedContent(requests);
      expect(results.map((result) => result.status === "ok" && result.route)).toEqual([
        "batch",
        "individual",
        "batch",
        "individual",
        "batch",
        "individual",
      ]);
    });

    test("at the deadline the rest is pending, under the tags of its requests", async () => {
      const { client, addFault } = await makeHarness(BATCHING);
      addFault("job-endless", "text 5.");
      const { results } = await client.embedContent(twelve.slice(0, 7), { deadlineMs: HOUR_MS });
      expect(results.map(({ status, tag }) => [status, tag])).toEqual(
        twelve.slice(0, 7).map(({ tag }, at) => [at < 3 ? "ok" : "pending", tag]),
      );
    });
  });
}

/** Makes a harness, and the plan of so many texts by its settings, as `strategy` sends them. */
const planning =
  <Fault>(makeHarness: MakeHarness<Fault>) =>
  async (texts: number, settings: Partial<BatchingOptions> = {}) => {
    const batching = { ...BATCHING, ...settings };
    const harness = await makeHarness(batching);
    const { profile } = harness.client;
    return { harness, plan: chooseStrategy(itemsOf(texts, 10), batching, { profile }) };
  };

const TWELVE = Array.from({ length: 12 }, (_, at) => `text ${at}.`);

interface CarriedOut {
  readonly results: ReadonlyMap<string, EmbeddingResult>;
  readonly usage: Awaited<ReturnType<EmbeddingClient["execute"]>>;
}

/** Carries out a plan over the texts of its items; no text may be settled twice. */
async function carryOut(
  { client }: Pick<ClientHarness<never>, "client">,
  plan: Plan,
  { settle, ...more }: Partial<PlanExecution> = {},
): Promise<CarriedOut> {
  const results = new Map<string, EmbeddingResult>();
  const usage = await client.execute(plan, {
    ...more,
    inputsOf: async (items) => items.map((item) => ({ title: null, text: textOf(item) })),
    settle: async (settled: readonly SettledItem[]) => {
      for (const { item, result } of settled) {
        expect(results.has(item.fingerprint), `${item.fingerprint} settled twice`).toBe(false);
        results.set(item.fingerprint, result);
      }
      await settle?.(settled);
    },
  });
  return { results, usage };
}

const allOf = (names: readonly string[], code: ErrorCode): Record<string, ErrorCode> =>
  Object.fromEntries(names.map((name) => [name, code]));

/** Carries out a plan: how each text went that did not get its own vector. */
async function failures(
  harness: Pick<ClientHarness<never>, "client">,
  plan: Plan,
): Promise<Record<string, string>> {
  const { results } = await carryOut(harness, plan);
  const problems: Record<string, string> = {};
  for (const item of [...plan.calls, ...plan.jobs].flat()) {
    const result = results.get(item.fingerprint);
    const problem =
      result?.status === "ok"
        ? await strangeVector(harness.client, item, result.vector)
        : codeOf(result);
    if (problem !== null) problems[item.fingerprint] = problem;
  }
  return problems;
}

/** Carries out a plan within a budget: how many texts were sent, and which are pending for it. */
async function overBudget(
  { client, seen }: ClientHarness<never>,
  plan: Plan,
  maxRequests: number,
): Promise<{ sent: number; pending: string[] }> {
  const spending = new Spending({
    budget: { ...NO_BUDGET, maxRequests },
    profile: client.profile,
  });
  const { results } = await carryOut({ client }, plan, { spending });
  const isPending = (result: EmbeddingResult): boolean =>
    result.status === "pending" &&
    result.error instanceof SiteragError &&
    result.error.code === "BUDGET_REACHED";
  const pending = [...results].flatMap(([name, result]) => (isPending(result) ? [name] : []));
  return { sent: seen().texts.length, pending: pending.toSorted() };
}

const codeOf = (result: EmbeddingResult | undefined): string =>
  result?.status === "failed" && result.error instanceof SiteragError
    ? result.error.code
    : `no typed failure: ${result?.status}`;

/** Null when the vector is what the text has when it is sent alone. */
async function strangeVector(
  client: EmbeddingClient,
  item: PlanItem,
  vector: Float32Array,
): Promise<string | null> {
  const requests = [{ text: textOf(item) }];
  const { results } = await client.embedContent(requests, { forceIndividual: true });
  return vectorOf(results[0]).join() === vector.join() ? null : "another text's vector";
}

const statuses = (results: ReadonlyMap<string, EmbeddingResult>): string[] =>
  [...results]
    .toSorted(([one], [other]) => Number(one) - Number(other))
    .map(([, { status }]) => status);

const routes = (results: ReadonlyMap<string, EmbeddingResult>): string[] =>
  [...results]
    .toSorted(([one], [other]) => Number(one) - Number(other))
    .map(([, result]) => (result.status === "ok" ? result.route : result.status));

function vectorOf(result: EmbeddingResult | undefined): Float32Array {
  expect(result).toMatchObject({ status: "ok" });
  return result?.status === "ok" ? result.vector : new Float32Array();
}

async function rejection(promise: Promise<unknown>): Promise<Error> {
  const error: unknown = await promise.then(
    () => null,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(SiteragError);
  return error instanceof Error ? error : new Error("nothing was thrown");
}
