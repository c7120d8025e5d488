import { afterEach, expect, test, vi } from "vitest";
import { indexSite } from "../../src/index.ts";
import { MockGeminiClient } from "../../src/testing.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { dieAfter } from "../support/die-after.ts";
import { docsSite, rowsOf } from "../support/docs-site.ts";

const WRITES = ["append", "set", "upsert", "upsertIf", "delete"] as const;

/** A site whose index says A and whose page says B; a run dies after this many writes. */
async function siteDyingAfter(most: number) {
  const site = await docsSite({ "page.md": "# Page\n\nA.\n" });
  const clock = createVirtualClock();
  const run = () =>
    indexSite({ config: site.config, client: new MockGeminiClient({ clock }), clock });
  await run();
  await site.write("page.md", "# Page\n\nB.\n");
  const count = dieAfter(most, WRITES);
  const isDead = await run().then(
    () => false,
    () => true,
  );
  vi.restoreAllMocks();
  return { site, run, isDead, writes: count.writes };
}

afterEach(() => {
  vi.restoreAllMocks();
});

test("an edit that is taken back after its run has died is in no index", async () => {
  const { writes, isDead } = await siteDyingAfter(Number.POSITIVE_INFINITY);
  expect(isDead).toBe(false);
  for (let most = 0; most < writes; most += 1) {
    const { site, run } = await siteDyingAfter(most);
    await site.write("page.md", "# Page\n\nA.\n");
    await run();
    const texts = [...(await rowsOf(site.config)).values()].map(({ text }) => text);
    expect(texts, `after ${most} of ${writes} writes`).toEqual([expect.stringContaining("A.")]);
  }
});
