import { expect, test } from "vitest";
import { answerQueries } from "../../src/answers.ts";
import { indexSite } from "../../src/index-site.ts";
import { search } from "../../src/search.ts";
import { docsSite } from "../support/docs-site.ts";
import { geminiHarness } from "./gemini-harness.ts";

async function indexed() {
  const embedding = { provider: "gemini", dimensions: 128 } as const;
  const { config } = await docsSite({ "guide.md": "# Guide\n\nRun it.\n" }, { embedding });
  const harness = await geminiHarness();
  const { client, clock } = harness;
  await indexSite({ config, client, clock });
  return { ...harness, config };
}

test.each([{ name: "hang" }, { name: "rate-limited", retryDelaySeconds: 33 }] as const)(
  "a search that meets $name answers by full text within ten seconds, and says why",
  async (fault) => {
    const { client, clock, config, emulator } = await indexed();
    emulator.addFault(fault);
    const started = clock.now();
    const answer = await search({ config, client, query: "run it" });
    expect(clock.now() - started).toBe(10_000);
    expect(answer.hits[0]?.page).toBe("guide.md");
    expect(answer.degraded).toMatch(/could not be embedded: The deadline was reached/u);
  },
);

test("a build's answers wait for the limits of a minute", async () => {
  const { client, clock, config, emulator } = await indexed();
  emulator.addFault({ name: "rate-limited", retryDelaySeconds: 33, times: 1 });
  const { answers } = await answerQueries({ config, client, clock, queries: ["run it"] });
  expect(answers).toMatchObject([{ mode: "hybrid", degraded: null }]);
});
