import { expect, test } from "vitest";
import { chooseStrategy } from "../../src/planning/choose-strategy.ts";
import { mockProfile } from "../../src/providers/mock/mock-profile.ts";
import { CallFailure } from "../../src/sending/call-failure.ts";
import type { Listener } from "../../src/sending/events.ts";
import { MetricsTally } from "../../src/sending/metrics-tally.ts";
import { defaults } from "../../src/config/keys.ts";
import { SiteragError } from "../../src/words/errors.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { BATCHING, itemsOf } from "../planning/plan-items.ts";
import { answer, engineOf, providerOf } from "./fake-provider.ts";

const profile = mockProfile({ callMs: 0, jobMs: 0 });

/** Call slots of the client. */
const SLOTS = 5;

/** Calls that wait for each of them. */
const WAITING = 10;

/** A plan of as many calls, of one text each. */
const planOf = (calls: number) =>
  chooseStrategy(
    itemsOf(calls),
    { ...BATCHING, textsPerCall: 1 },
    { profile, forceIndividual: true },
  );

/** A service that takes from 0.2 to 1 s for a call, and is unavailable at every so manieth. */
function uneven(failsAt: number) {
  const clock = createVirtualClock();
  const tally = new MetricsTally();
  let calls = 0;
  const provider = providerOf(async (texts) => {
    calls += 1;
    const call = calls;
    await clock.sleep(200 + ((call * 7) % 17) * 50);
    if (call % failsAt === 0) throw unavailable();
    return answer(texts);
  });
  const retries = defaults().calls;
  const limits = { clock, retries, maxParallel: SLOTS, textsPerCall: 1, tell: tally.add };
  return { engine: engineOf(provider, limits), tally };
}

const unavailable = (): CallFailure =>
  new CallFailure(new SiteragError("UNAVAILABLE", "503"), "retry");

const execution = {
  inputsOf: async (items: readonly { fingerprint: string }[]) =>
    items.map(({ fingerprint }) => ({ title: null, text: fingerprint })),
  settle: async () => undefined,
};

/** Of a set that is alone, the calls wait in its plan; those of many sets wait in the client. */
test.each([
  { sets: 1, calls: SLOTS * (WAITING + 1), failsAt: 12, retries: 4, longestQueue: 0 },
  { sets: WAITING + 1, calls: SLOTS, failsAt: 6, retries: 10, longestQueue: SLOTS * WAITING },
  { sets: WAITING + 1, calls: 50, failsAt: 6, retries: 109, longestQueue: SLOTS * WAITING },
])(
  "$sets sets of $calls calls, $retries of them repeated, keep 80 % of the call slots in use",
  async ({ sets, calls, failsAt, retries, longestQueue }) => {
    const { engine, tally } = uneven(failsAt);
    const ofRun = new MetricsTally();
    const execute = (onEvent?: Listener) =>
      engine.execute(planOf(calls), { ...execution, onEvent });
    const others = Array.from({ length: sets - 1 }, () => execute());
    await Promise.all([execute(ofRun.add), ...others]);
    expect(tally.metrics).toMatchObject({ requests: sets * calls, retries, errors: 0 });
    expect(tally.metrics.longestQueue).toBe(longestQueue);
    expect(ofRun.metrics.poolUtilisation).toBeGreaterThanOrEqual(0.8);
    expect(tally.metrics.poolUtilisation).toBeGreaterThanOrEqual(0.8);
    expect(engine.pool.utilisation).toBeGreaterThanOrEqual(0.8);
    expect(engine.pool).toMatchObject({ active: 0, queueLength: 0 });
  },
);
