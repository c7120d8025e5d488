import { describe, expect, test } from "vitest";
import type { EmbeddingClient } from "../../src/embedding/client.ts";
import type { BatchingOptions } from "../../src/planning/choose-roads.ts";
import type { ErrorCode } from "../../src/words/errors.ts";
import type { Embedded, EmbeddingInput, Result } from "../../src/words/types.ts";
import { BATCHING } from "../planning/plan-items.ts";
import {
  allOf,
  carryOut,
  outcomeOf,
  outcomes,
  planned,
  tagged,
  textsOf,
} from "./sender-harness.ts";
import type { MakeSender, SenderFault, SenderHarness } from "./sender-harness.ts";
import { jobsOnly } from "./jobs-only.ts";

/** What the suite can make the service do wrong to vectors with a given text. */
type VectorFault =
  | SenderFault
  | "short-answer"
  | "wrong-length"
  | "not-a-number"
  | "row-failed"
  | "row-wrong-length";

/** A client with a service behind it, as far as the suite must look at it. */
interface VectorHarness extends SenderHarness<EmbeddingInput, Embedded> {
  readonly client: EmbeddingClient;
  /**
   * From now on every call, job or row with a text that holds `text` meets the fault, and so does
   * every repetition of it. A text whose row fails cannot be embedded by a call either.
   */
  readonly addFault: (name: VectorFault, text: string) => void;
}

type MakeHarness = MakeSender<VectorHarness>;

const individual = { strategy: "individual", textsPerCall: 2 } as const;
const batch = { strategy: "batch" } as const;
const MALFORMED: ErrorCode = "ANSWER_MALFORMED";

/** What every embedding client keeps to beside what every sender does. */
export function describeEmbeddingClient(
  name: string,
  makeHarness: MakeHarness,
  hasJobs = true,
): void {
  const testJobs = jobsOnly(hasJobs);
  describeVectors(name, makeHarness, testJobs);
  describeRequests(name, makeHarness, testJobs);
}

type AddTest = ReturnType<typeof jobsOnly>;

function describeVectors(name: string, makeHarness: MakeHarness, testJobs: AddTest): void {
  describe(`${name}: vectors`, () => {
    test("calls and jobs give a text the same vector, of unit length and the right size", async () => {
      const byCalls = await vectors(makeHarness, individual);
      const byJob = await vectors(makeHarness, batch);
      expect(byJob).toEqual(byCalls);
      for (const vector of byCalls) expect(Math.hypot(...vector)).toBeCloseTo(1, 3);
      const { client } = await makeHarness(BATCHING);
      expect(new Set(byCalls.map(({ length }) => length))).toEqual(
        new Set([client.space.dimensions]),
      );
      expect(new Set(byCalls.map((vector) => vector.join())).size).toBe(6);
    });

    test("equal texts get equal ones that share no memory", async () => {
      const { client } = await makeHarness(BATCHING);
      const { results } = await client.embedContent(tagged(["a", "a"]));
      const [one, other] = results.map(vectorOf);
      expect(other).toEqual(one);
      one?.fill(0);
      expect(other).not.toEqual(one);
    });

    test.each(["short-answer", "wrong-length", "not-a-number"] as const)(
      "%s: nothing of the call is used, and its texts alone have failed",
      async (fault) => {
        const { harness, plan } = await planned(makeHarness, 6, individual);
        harness.addFault(fault, "text 2.");
        const { results } = await carryOut(harness, plan);
        expect(outcomes(results)).toEqual({
          ...allOf(textsOf(6), "individual"),
          ...allOf(["text 2.", "text 3."], MALFORMED),
        });
      },
    );

    testJobs("a row that failed fails its text of a job alone, if a call fails too", async () => {
      const { harness, plan } = await planned(makeHarness, 6, batch);
      harness.addFault("row-failed", "text 2.");
      const { results } = await carryOut(harness, plan);
      expect(outcomes(results)).toEqual({
        ...allOf(textsOf(6), "batch"),
        "text 2.": "EMBEDDING_FAILED",
      });
    });

    testJobs("a row of the wrong length: its text alone goes by a call", async () => {
      const { harness, plan } = await planned(makeHarness, 6, batch);
      harness.addFault("row-wrong-length", "text 2.");
      const { results, usage } = await carryOut(harness, plan);
      expect(outcomes(results)).toEqual({
        ...allOf(textsOf(6), "batch"),
        "text 2.": "individual",
      });
      expect(usage).toMatchObject({ calls: 1, jobs: 1, texts: 6, textsRepeated: 1 });
    });
  });
}

function describeRequests(name: string, makeHarness: MakeHarness, testJobs: AddTest): void {
  describe(`${name}: a set of texts`, () => {
    test.each(["", " \n\t"])(
      "a request without text (%j) is named, and nothing is sent",
      async (text) => {
        const { client, seen } = await makeHarness(BATCHING);
        await expect(client.embedContent(tagged(["good", text, "good too"]))).rejects.toMatchObject(
          {
            name: "SiteragError",
            code: "INVALID_REQUEST",
            message: expect.stringContaining("Request 1 (“tag 1”)"),
          },
        );
        expect(seen()).toMatchObject({ calls: 0, jobs: 0 });
      },
    );

    testJobs("urgent requests go at once, the rest as a job", async () => {
      const { client } = await makeHarness(BATCHING);
      const requests = tagged(textsOf(6)).map((one, at) => ({ ...one, urgent: at % 2 === 1 }));
      const { results } = await client.embedContent(requests);
      expect(results.map(outcomeOf)).toEqual(
        requests.map(({ urgent }) => (urgent ? "individual" : "batch")),
      );
    });

    testJobs(
      "at the deadline the texts sent by calls are served, and the rest is pending",
      async () => {
        const { client, addFault } = await makeHarness(BATCHING);
        addFault("job-endless", "text 5.");
        const requests = tagged(textsOf(7));
        const { results } = await client.embedContent(requests, { deadlineMs: 3_600_000 });
        expect(results).toMatchObject(
          requests.map(({ tag }, at) => ({ status: at < 3 ? "ok" : "pending", tag })),
        );
      },
    );
  });
}

/** The vectors of six texts by a road. */
async function vectors(
  makeHarness: MakeHarness,
  settings: Partial<BatchingOptions>,
): Promise<readonly Float32Array[]> {
  const { harness, plan } = await planned(makeHarness, 6, settings);
  const { results } = await carryOut(harness, plan);
  return textsOf(6).map((text) => vectorOf(results.get(text)));
}

function vectorOf(result: Result<Embedded> | undefined): Float32Array {
  expect(result).toMatchObject({ status: "ok" });
  return result?.status === "ok" ? result.vector : new Float32Array();
}
