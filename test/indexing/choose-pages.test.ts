import { expect, test } from "vitest";
import { MockGeminiClient } from "../../src/gemini/mock-gemini-client.ts";
import { indexSite } from "../../src/index-site.ts";
import { choosePages } from "../../src/indexing/choose-pages.ts";
import { docsSite, rowsOf } from "../support/docs-site.ts";

const known = new Set(["a.md", "guide/b.md"]);

test.each([
  "guide/b.md",
  "./guide/b.md",
  "docs/guide/b.md",
  "site/docs/guide/b.md",
  "/home/site/docs/guide/b.md",
])("%s names a page", (entry) => {
  expect([...choosePages([entry], known, "/home/site/docs")]).toEqual(["guide/b.md"]);
});

test("an unknown path is refused with the nearest page", () => {
  expect(() => choosePages(["a.md", "guide/c.md"], known, "/docs")).toThrow(
    "“guide/c.md” (did you mean guide/b.md?)",
  );
});

test("only the listed pages are touched, and one that is gone leaves the index", async () => {
  const site = await docsSite({
    "a.md": "# A\n\nOne.\n",
    "b.md": "# B\n\nTwo.\n",
    "c.md": "# C\n\nThree.\n",
  });
  await indexSite({ config: site.config });
  await site.write("a.md", "# A\n\nChanged.\n");
  await site.write("b.md", "# B\n\nChanged as well.\n");
  await site.remove("c.md");
  const client = new MockGeminiClient();
  const report = await indexSite({ config: site.config, client, only: ["a.md", "c.md"] });
  const texts = [...(await rowsOf(site.config)).values()].map(({ text }) => text);
  expect(client.calls.flat()).toHaveLength(1);
  expect(texts.join()).toContain("Two.");
  expect(texts.join()).not.toContain("Three.");
  expect(report).toMatchObject({ pages: 2, chunks: { total: 2, added: 1, deleted: 1 } });
  await expect(indexSite({ config: site.config, only: ["nope.md"] })).rejects.toMatchObject({
    code: "USAGE",
  });
});
