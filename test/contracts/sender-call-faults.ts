import { describe, expect, test } from "vitest";
import type { ClientEvent } from "../../src/sending/events.ts";
import { BATCHING } from "../planning/plan-items.ts";
import { allOf, carryOut, outcomes, planned, tagged, textsIn, textsOf } from "./sender-harness.ts";
import type { FailingHarness, MakeSender } from "./sender-harness.ts";

type Make<Input, Output> = MakeSender<FailingHarness<Input, Output>>;

const CALL_FAULTS = [
  ["rate-limited", "RATE_LIMITED"],
  ["unavailable", "UNAVAILABLE"],
] as const;

const ofType = <Type extends ClientEvent["type"]>(events: readonly ClientEvent[], type: Type) =>
  events.filter((event): event is Extract<ClientEvent, { type: Type }> => event.type === type);

/** How calls go, and how they fail. */
export function describeCallFaults<Input, Output>(name: string, make: Make<Input, Output>): void {
  const calls = { strategy: "individual", textsPerCall: 2 } as const;

  describe(`${name}: individual calls`, () => {
    test.each([1, 3])(
      "with %i slots: as many calls are under way, or as many as it can make",
      async (most) => {
        const settings = { ...calls, textsPerCall: 1, maxParallelIndividual: most };
        const { harness, plan } = await planned(make, 12, settings);
        await carryOut(harness, plan);
        expect(harness.mostCallsAtOnce()).toBe(harness.callsAtOnce);
        expect(harness.callsAtOnce).toBeLessThanOrEqual(most);
      },
    );

    test("with one slot, an answer is settled before the next call is sent", async () => {
      const settings = { ...calls, textsPerCall: 1, maxParallelIndividual: 1 };
      const { harness, plan } = await planned(make, 3, settings);
      const callsAtEnd: number[] = [];
      const { asked } = await carryOut(harness, plan, {
        settle: async () => {
          await harness.clock.sleep(1000);
          callsAtEnd.push(harness.seen().calls);
        },
      });
      expect(callsAtEnd).toEqual([1, 2, 3]);
      expect(asked).toEqual(textsOf(3));
    });

    test.each(CALL_FAULTS)("%s fails the texts of its call alone, as %s", async (fault, code) => {
      const { harness, plan } = await planned(make, 6, calls);
      harness.addFault(fault, "text 2.");
      const { results } = await carryOut(harness, plan);
      const hit = plan.calls.filter((pack) => textsIn([pack]).includes("text 2."));
      expect(outcomes(results)).toEqual({
        ...allOf(textsOf(6), "individual"),
        ...allOf(textsIn(hit), code),
      });
    });

    test.each(CALL_FAULTS)(
      "%s: repetitions are counted and told, and so is the end",
      async (fault, code) => {
        const { harness, plan } = await planned(make, 6, calls);
        harness.addFault(fault, "text 2.");
        const { events, usage } = await carryOut(harness, plan);
        const sent = harness.seen().calls;
        const retries = sent - plan.calls.length;
        expect(usage).toMatchObject({ calls: sent, retries, texts: 6 });
        expect(ofType(events, "retry")).toMatchObject(
          Array.from({ length: retries }, (_, at) => ({ attempt: at + 1, code })),
        );
        const failed = plan.calls.find((pack) => textsIn([pack]).includes("text 2."))?.length;
        expect(ofType(events, "failure")).toMatchObject([{ texts: failed, retries, code }]);
        expect(ofType(events, "success")).toHaveLength(plan.calls.length - 1);
        const { inputTokens, outputTokens, costUsd } = harness.billed();
        expect(usage).toMatchObject({ inputTokens, outputTokens });
        expect(usage?.costUsd).toBeCloseTo(costUsd ?? -1, 9);
      },
    );
  });

  describe(`${name}: a set with a text that fails`, () => {
    const settings = { ...BATCHING, textsPerCall: 1, maxParallelIndividual: 1 };

    test("collecting: it fails alone, under its own tag", async () => {
      const { addFault, send } = await make(settings);
      addFault("unavailable", "text 1.");
      const { results } = await send(tagged(textsOf(3)), { onError: "collect" });
      expect(results).toMatchObject([
        { status: "ok", tag: "tag 0" },
        { status: "failed", tag: "tag 1", error: { name: "SiteragError", code: "UNAVAILABLE" } },
        { status: "ok", tag: "tag 2" },
      ]);
    });

    test("failing fast: its failure is thrown, and nothing more is sent", async () => {
      const { addFault, seen, send } = await make(settings);
      addFault("unavailable", "text 1.");
      const sending = send(tagged(textsOf(3)), { onError: "failFast" });
      await expect(sending).rejects.toMatchObject({ code: "UNAVAILABLE" });
      expect(new Set(seen().texts)).toEqual(new Set(["text 0.", "text 1."]));
    });
  });
}
