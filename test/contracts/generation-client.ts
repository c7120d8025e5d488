import { describe, expect, test } from "vitest";
import type { GenerationClient, GenerationRequest } from "../../src/generation/client.ts";
import { SiteragError } from "../../src/words/errors.ts";
import { readStream } from "../support/read-stream.ts";
import { describeStreams } from "./answer-streams.ts";
import {
  answerTo,
  chargedIn,
  HOUR_MS,
  request,
  requests,
  tagged,
  textFor,
  write,
} from "./generation-harness.ts";
import type { FailingHarness, GeneratorHarness, MakeHarness } from "./generation-harness.ts";

/**
 * What every generation client keeps to beside what every sender does; the suite speaks through the port
 * and the harness alone.
 */
export function describeGenerationClient(
  name: string,
  makeHarness: MakeHarness<GeneratorHarness>,
): void {
  describeRequests(name, makeHarness);
  describeStreams(name, makeHarness);
  describeRefusals(name, makeHarness);
  describeBounds(name, makeHarness);
}

/** What of a request its answer depends on. */
function describeRequests(name: string, makeHarness: MakeHarness<GeneratorHarness>): void {
  describe(`${name}: a set of requests`, () => {
    test("those with other instructions or settings are not equal", async () => {
      const { client, sent } = await makeHarness({ write });
      const others = [
        { prompt: "a" },
        { prompt: "a", system: "long" },
        { prompt: "a", temperature: 0 },
        { prompt: "a", maxOutputTokens: 500 },
      ];
      const { results } = await client.generateContent(others);
      expect(results).toEqual(others.map((one) => answerTo(one)));
      expect(sent()).toHaveLength(4);
    });

    test("an instruction reaches the service by call and by job, and is paid for", async () => {
      const [byCalls, byJob] = [await makeHarness({ write }), await makeHarness({ write })];
      const called = await byCalls.client.generateContent(requests(12), { purpose: "rag_query" });
      const batched = await byJob.client.generateContent(requests(12));
      expect(called.results).toEqual(requests(12).map((one) => answerTo(one)));
      expect(batched.results).toEqual(requests(12).map((one) => answerTo(one, "batch")));
      expect(called.usage).toMatchObject({ calls: 12, jobs: 0, ...chargedIn(byCalls) });
      expect(batched.usage).toMatchObject({ calls: 0, jobs: 1, ...chargedIn(byJob) });
    });

    test("a failure is an outcome, unless failFast ends the set", async () => {
      const { client, keepBack } = await makeHarness({ write });
      keepBack("prompt 1.");
      const { results } = await client.generateContent(requests(3));
      expect(results.map(({ status }) => status)).toEqual(["ok", "failed", "ok"]);
      const failFast = client.generateContent(requests(3), { onError: "failFast" });
      await expect(failFast).rejects.toMatchObject({ code: "ANSWER_BLOCKED" });
    });
  });
}

/** What the port promises of a service that says no. */
function describeRefusals(name: string, makeHarness: MakeHarness<GeneratorHarness>): void {
  describe(`${name}: a withheld answer`, () => {
    const blocked = { status: "failed", error: { code: "ANSWER_BLOCKED" } };

    test.each([3, 12])("of %i: fails its request alone", async (count) => {
      const harness = await makeHarness({ write, callsAtOnce: 2 });
      harness.keepBack("prompt 1.");
      const { results, usage } = await harness.client.generateContent(tagged(count));
      const route = count < 10 ? "individual" : "batch";
      const [first, , ...others] = tagged(count).map((one) => ({
        ...answerTo(one, route),
        tag: one.tag,
      }));
      expect(results).toMatchObject([first, { ...blocked, tag: "tag 1" }, ...others]);
      expect(results[1]).toHaveProperty("error", expect.any(SiteragError));
      expect(usage).toMatchObject({ retries: 0, ...chargedIn(harness) });
    });

    test("is thrown by its stream", async () => {
      const { client, keepBack } = await makeHarness({ write, callsAtOnce: 2 });
      keepBack("prompt 1.");
      const { end, error } = await readStream(client.generateContentStream(request(1)));
      expect(end).toBeNull();
      expect(error).toMatchObject({ name: "SiteragError", code: "ANSWER_BLOCKED" });
    });
  });
}

/** Not for `MockGenerator`, whose service is never away. */
export function describeGenerationOutages(
  name: string,
  makeHarness: MakeHarness<FailingHarness>,
): void {
  describe(`${name}: a service that is away`, () => {
    test("fails a request after its counted attempts, and does not stop the others", async () => {
      const harness = await makeHarness({ write });
      harness.takeAway("prompt 1.");
      const { results, usage } = await harness.client.generateContent(requests(3));
      const failed = { status: "failed", error: { name: "SiteragError", code: "UNAVAILABLE" } };
      expect(results).toMatchObject([answerTo(request(0)), failed, answerTo(request(2))]);
      const tries = harness.sent().filter((prompt) => prompt === "prompt 1.").length;
      expect(usage).toMatchObject({ calls: 2 + tries, retries: tries - 1, ...chargedIn(harness) });
      expect(tries).toBeGreaterThan(1);
    });

    test.each(["whole", "stream"] as const)(
      "%s: an abort between two tries ends them",
      async (way) => {
        const { client, clock, sent, takeAway } = await makeHarness({ write });
        takeAway("prompt 0.");
        const controller = new AbortController();
        const { signal } = controller;
        const startedAt = clock.now();
        const aborting = clock.sleep(500).then(() => controller.abort());
        const { error } =
          way === "whole"
            ? await onlyOf(client.generateContent([request(0)], { signal }))
            : await readStream(client.generateContentStream(request(0), { signal }));
        expect(error).toMatchObject({ name: "SiteragError", code: "INTERRUPTED" });
        expect(clock.now() - startedAt).toBe(500);
        await aborting;
        await clock.sleep(HOUR_MS);
        expect(sent()).toEqual(["prompt 0."]);
      },
    );
  });
}

/** Bounds on what is written. */
function describeBounds(name: string, makeHarness: MakeHarness<GeneratorHarness>): void {
  describe(`${name}: an answer that reaches its allowance`, () => {
    const brief = (count: number): GenerationRequest[] =>
      requests(count).map((one) => ({ ...one, maxOutputTokens: 4 }));

    test.each([3, 12])("of %i: is cut, and its text is kept", async (count) => {
      const harness = await makeHarness({ write, callsAtOnce: 2 });
      const { results, usage } = await harness.client.generateContent(brief(count));
      expect(results).toMatchObject(brief(count).map(() => ({ status: "ok", finish: "cut" })));
      for (const [at, result] of results.entries()) {
        const text = result.status === "ok" ? result.text : "";
        expect(text).not.toBe("");
        expect(textFor(request(at)).startsWith(text)).toBe(true);
      }
      expect(usage).toMatchObject(chargedIn(harness));
    });

    test("is cut as a stream, too", async () => {
      const { client } = await makeHarness({ write, callsAtOnce: 2 });
      const { results } = await client.generateContent(brief(1));
      const { pieces, end } = await readStream(
        client.generateContentStream({ ...brief(1)[0], prompt: "prompt 0." }),
      );
      expect(end).toMatchObject({ finish: "cut" });
      expect(results).toMatchObject([{ text: pieces.join("") }]);
    });
  });
}

/** Why the one request of a set has no answer. */
async function onlyOf(
  running: ReturnType<GenerationClient["generateContent"]>,
): Promise<{ readonly error: unknown }> {
  const [result] = (await running).results;
  return { error: result?.status === "failed" ? result.error : null };
}
