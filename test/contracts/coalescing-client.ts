import { describe, expect, test } from "vitest";
import type { BaseEmbeddingClient } from "../../src/embedding/base-client.ts";
import type { ClientEvent } from "../../src/sending/events.ts";
import type { Clock, EmbeddingResult } from "../../src/words/types.ts";
import { jobsOnly } from "./jobs-only.ts";

interface CoalescingHarness {
  readonly client: BaseEmbeddingClient;
  /** Virtual: the time that client and service live in. A call takes 400 ms of it. */
  readonly clock: Clock;
  /** What the service has seen so far. */
  readonly seen: () => {
    readonly calls: number;
    readonly jobs: number;
    readonly texts: readonly string[];
  };
}

const query = (text: string) =>
  ({ text, taskType: "RETRIEVAL_QUERY", purpose: "rag_query" }) as const;

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `text ${at}.`);

const routesOf = (results: readonly EmbeddingResult[]): string[] =>
  results.map((result) => (result.status === "ok" ? result.route : result.status));

/** What every client keeps to that makes sets of single requests, by the default settings. */
export function describeCoalescing(
  name: string,
  make: () => Promise<CoalescingHarness>,
  hasJobs = true,
): void {
  const testJobs = jobsOnly(hasJobs);

  describe(`${name}: single requests`, () => {
    test("250 queries at once are three calls, and never a job", async () => {
      const { client, seen } = await make();
      const queries = numbered(250).map(query);
      const results = await Promise.all(queries.map((one) => client.embed(one)));
      expect(new Set(routesOf(results))).toEqual(new Set(["individual"]));
      expect(seen()).toMatchObject({ calls: 3, jobs: 0 });
      expect(new Set(seen().texts).size).toBe(250);
    });

    test("a vector is that of its own text, and comes back under its own tag", async () => {
      const { client } = await make();
      const texts = ["a", "b", "a"];
      const results = await Promise.all(
        texts.map((text, at) => client.embed({ ...query(text), tag: `tag ${at}` })),
      );
      const options = { taskType: "RETRIEVAL_QUERY" } as const;
      const vectors = await client.embedTexts(texts, options);
      expect(results).toEqual(
        vectors.map((vector, at) => ({
          status: "ok",
          route: "individual",
          vector,
          tag: `tag ${at}`,
        })),
      );
    });

    testJobs(
      "queries and texts are sent as separate sets, and twelve texts become a job",
      async () => {
        const { client, seen } = await make();
        const texts = numbered(12).map((text) => ({ text }));
        const results = await Promise.all(
          [...texts, query("one"), query("two")].map((one) => client.embed(one)),
        );
        expect(routesOf(results)).toEqual([
          ...texts.map(() => "batch"),
          "individual",
          "individual",
        ]);
        expect(seen()).toMatchObject({ calls: 1, jobs: 1 });
      },
    );

    testJobs("a text that never waits for a job does not join an equal one that does", async () => {
      const { client, seen } = await make();
      const texts = numbered(12).map((text) => ({ text }));
      const hurried = { text: "text 3.", purpose: "quick_enrichment" } as const;
      const results = await Promise.all([...texts, hurried].map((one) => client.embed(one)));
      expect(routesOf(results)).toEqual([...texts.map(() => "batch"), "individual"]);
      expect(seen()).toMatchObject({ calls: 1, jobs: 1 });
    });

    test("a query is sent once, until its vector is forgotten", async () => {
      const { client, seen } = await make();
      const first = await client.embed(query("one"));
      expect(client.cacheSize).toBe(1);
      expect(await client.embed(query("one"))).toEqual({ ...first, route: "cache" });
      client.clearCache();
      expect(client.cacheSize).toBe(0);
      expect(await client.embed(query("one"))).toEqual(first);
      expect(seen().calls).toBe(2);
      await client.flush();
      expect(client.metrics).toMatchObject({ requests: 3, cacheHits: 1, individualCalls: 2 });
    });

    test("flush and close lose nothing, and a closed client accepts nothing more", async () => {
      const { client, seen } = await make();
      const causes: string[] = [];
      client.events.listen((event: ClientEvent) => {
        if (event.type === "flush") causes.push(event.cause);
      });
      const flushed = Promise.all([client.embed(query("one")), client.embed({ text: "two" })]);
      expect(client.pendingSize).toBe(2);
      await client.flush();
      expect(client.pendingSize).toBe(0);
      expect(seen().texts.toSorted()).toEqual(["one", "two"]);
      const last = client.embed(query("three"));
      await client.close();
      expect(seen().texts).toContain("three");
      expect(routesOf([...(await flushed), await last])).toEqual(Array(3).fill("individual"));
      expect(causes).toEqual(["flush", "flush", "close"]);
      await expect(client.embed(query("four"))).rejects.toMatchObject({ code: "USAGE" });
    });

    test("a request that cannot be sent does not stop the others", async () => {
      const { client, seen } = await make();
      const bad = client.embed(query(" "));
      const good = client.embed(query("good"));
      await expect(bad).rejects.toMatchObject({ code: "INVALID_REQUEST" });
      expect(routesOf([await good])).toEqual(["individual"]);
      expect(seen().texts).toEqual(["good"]);
    });

    test("a caller that joins a text under way waits with its own patience", async () => {
      const { client, clock, seen } = await make();
      await client.embed(query("first"));
      const first = client.embed(query("second"), { deadlineMs: 200 });
      await clock.sleep(100);
      const joined = client.embed(query("second"), { deadlineMs: 10_000 });
      expect(await Promise.all([first, joined])).toMatchObject([
        { status: "failed", error: { code: "TIMEOUT" } },
        { status: "ok", route: "individual" },
      ]);
      expect(seen().calls).toBe(2);
    });

    test("a caller that gives up does not stop the others", async () => {
      const { client, clock, seen } = await make();
      await client.embed(query("first"));
      const stop = new AbortController();
      const waiting = Promise.all([
        client.embed(query("short"), { deadlineMs: 200 }),
        client.embed(query("aborted"), { signal: stop.signal }),
        client.embed(query("long"), { deadlineMs: 10_000 }),
      ]);
      await clock.sleep(100);
      stop.abort();
      expect(await waiting).toMatchObject([
        { status: "failed", error: { code: "TIMEOUT" } },
        { status: "failed", error: { code: "INTERRUPTED" } },
        { status: "ok", route: "individual" },
      ]);
      expect(seen().calls).toBe(2);
    });
  });
}
