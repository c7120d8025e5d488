import { describe, expect, test } from "vitest";
import { readStream } from "../support/read-stream.ts";
import { chargedIn, HOUR_MS, request, textFor, write } from "./generation-harness.ts";
import type { GeneratorHarness, MakeHarness } from "./generation-harness.ts";

/** Answers that are read while they are written. */
export function describeStreams(name: string, makeHarness: MakeHarness<GeneratorHarness>): void {
  describe(`${name}: a streamed answer`, () => {
    test.each([
      ["a word", "Yes"],
      ["lines", "One line.\n\n- and\n- a list, with [1] and [2]"],
      ["space before it", "  two spaces  in between"],
      ["other scripts", "Größe – 日本語の文章です 👩‍👩‍👧 e\u0301t\u00E9"],
    ])("%s: its pieces are the whole, and its end tells once what it took", async (_, text) => {
      const harness = await makeHarness({ write: () => text });
      const { pieces, end } = await readStream(harness.client.generateContentStream(request(0)));
      expect(end).toMatchObject({
        finish: "complete",
        usage: { calls: 1, jobs: 0, retries: 0, ...chargedIn(harness) },
      });
      expect(pieces.join("")).toBe(text);
      expect(pieces).not.toContain("");
      expect(harness.sent()).toEqual(["prompt 0."]);
      const { results } = await harness.client.generateContent([request(0)]);
      expect(results).toEqual([{ status: "ok", route: "individual", text, finish: "complete" }]);
    });

    test("it comes in pieces, and follows the request's instruction", async () => {
      const { client } = await makeHarness({ write });
      const { pieces } = await readStream(client.generateContentStream(request(0)));
      expect(pieces.length).toBeGreaterThan(2);
      expect(pieces.join("")).toBe(textFor(request(0)));
    });

    test("nothing is sent before it is read", async () => {
      const { client, clock, sent } = await makeHarness({ write });
      const stream = client.generateContentStream(request(0));
      await clock.sleep(HOUR_MS);
      expect(sent()).toEqual([]);
      await readStream(stream);
      expect(sent()).toEqual(["prompt 0."]);
    });

    test("a reader who stops reading ends the call, and the client goes on", async () => {
      const { client, openStreams, sent } = await makeHarness({ write, callsAtOnce: 1 });
      const pieces: string[] = [];
      const stream = client.generateContentStream(request(0));
      for await (const piece of stream) {
        pieces.push(piece);
        break;
      }
      expect(pieces).toHaveLength(1);
      expect(openStreams()).toBe(0);
      expect(await stream.next()).toEqual({ done: true, value: undefined });
      const next = await readStream(client.generateContentStream(request(1)));
      expect(next.pieces.join("")).toBe(textFor(request(1)));
      expect(sent()).toEqual(["prompt 0.", "prompt 1."]);
    });

    test("two streams read in turns do not mix", async () => {
      const { client } = await makeHarness({ write, callMs: 0 });
      const texts = ["", ""];
      const streams = [0, 1].map((at) => client.generateContentStream(request(at)));
      for (let isOver = false; !isOver;) {
        const steps = await Promise.all(streams.map((stream) => stream.next()));
        steps.forEach(({ done, value }, at) => {
          if (done !== true) texts[at] += value;
        });
        isOver = steps.every(({ done }) => done);
      }
      expect(texts).toEqual([0, 1].map((at) => textFor(request(at))));
    });
  });

  describe(`${name}: a stream whose reader aborts`, () => {
    test("before it begins: nothing is sent", async () => {
      const { client, sent } = await makeHarness({ write });
      const signal = AbortSignal.abort();
      const { pieces, error } = await readStream(
        client.generateContentStream(request(0), { signal }),
      );
      expect(error).toMatchObject({ name: "SiteragError", code: "INTERRUPTED" });
      expect(pieces).toEqual([]);
      expect(sent()).toEqual([]);
    });

    test("between two pieces: it ends there and then", async () => {
      const { client, openStreams } = await makeHarness({ write });
      const controller = new AbortController();
      const stream = client.generateContentStream(request(0), { signal: controller.signal });
      await stream.next();
      controller.abort();
      const { pieces, error } = await readStream(stream);
      expect(error).toMatchObject({ name: "SiteragError", code: "INTERRUPTED" });
      expect(pieces).toEqual([]);
      expect(openStreams()).toBe(0);
    });
  });
}
