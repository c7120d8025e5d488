import { expect, test } from "vitest";
import { chooseStrategy } from "../../src/planning/choose-strategy.ts";
import { MockGeminiClient } from "../../src/testing.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { BATCHING, itemsOf } from "../planning/plan-items.ts";
import { deferred, settled } from "../sending/deferred.ts";

test.each([1, 2])(
  "four jobs that leave texts to calls have at most %i answers uncommitted where as many are allowed",
  async (most) => {
    const batching = { ...BATCHING, strategy: "batch", maxParallelIndividual: most } as const;
    const clock = createVirtualClock();
    const client = new MockGeminiClient({
      batching,
      clock,
      faults: [{ name: "row-missing", text: "left" }],
    });
    const items = itemsOf(8);
    const { profile } = client;
    const plan = {
      ...chooseStrategy(items, batching, { profile }),
      jobs: [0, 2, 4, 6].map((at) => items.slice(at, at + 2)),
    };
    const commits: (() => void)[] = [];
    let committed = 0;
    const end = client.execute(plan, {
      inputsOf: async (some) =>
        some.map(({ fingerprint }) => ({
          title: null,
          text: `${Number(fingerprint) % 2 === 0 ? "served" : "left"} ${fingerprint}`,
        })),
      settle: async (some) => {
        const isOfCall = some.some(
          ({ result }) => result.status === "ok" && result.route === "individual",
        );
        if (!isOfCall) return;
        const { promise, resolve } = deferred();
        commits.push(resolve);
        await promise;
        committed += 1;
      },
    });
    const uncommitted: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      // Time for every call that may begin to be answered; then one answer is committed.
      for (let turn = 0; turn < 10; turn += 1) await settled();
      uncommitted.push(commits.length);
      commits.shift()?.();
    }
    await end;
    expect(committed).toBe(4);
    expect(Math.max(...uncommitted)).toBe(most);
  },
);
