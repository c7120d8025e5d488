import { expect, test } from "vitest";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { choosePages } from "../../src/indexing/choose-pages.ts";
import type { ResolvedConfig } from "../../src/config/schema.ts";
import type { EmbeddingSpace } from "../../src/words/types.ts";
import { withWriter } from "../../src/store/open-store.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { rowOf } from "../store/open-database.ts";
import { docsSite, rowsOf } from "../support/docs-site.ts";

const known = {
  inRoot: new Set(["a.md", "guide/b.md", "guide/draft.md", "docs/a.md"]),
  indexed: new Set(["a.md", "guide/b.md", "gone.md"]),
  root: "/home/site/docs",
  folders: [],
};

test.each([
  ["guide/b.md", "guide/b.md"],
  ["docs/guide/b.md", "guide/b.md"],
  ["/home/site/docs/gone.md", "gone.md"],
  ["docs/a.md", "docs/a.md"],
])("%s names the page %s", (entry, id) => {
  expect(choosePages([entry], known)).toEqual({ ids: new Set([id]), noPages: [] });
});

test("a path that exists from the list's folder goes before an id", () => {
  const { ids } = choosePages(["docs/a.md"], { ...known, folders: ["/home/site"] });
  expect([...ids]).toEqual(["a.md"]);
});

test("what lies below the content root and is no page is set aside", () => {
  const entries = ["docs/logo.png", "a.md", "docs/guide/deleted.md"];
  expect(choosePages(entries, known)).toEqual({
    ids: new Set(["a.md"]),
    noPages: ["docs/logo.png", "docs/guide/deleted.md"],
  });
});

test("an unknown path is refused with the nearest page of the index, never with another file", () => {
  const unknown = expect.objectContaining({
    code: "PAGE_UNKNOWN",
    message: expect.stringContaining("“guide/drafd.md” (did you mean guide/b.md?)"),
  });
  expect(() => choosePages(["a.md", "guide/drafd.md"], known)).toThrow(unknown);
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
});

const recording = () => {
  const lines: string[] = [];
  const take = (line: string) => void lines.push(line);
  return { lines, logger: { info: take, warn: take } };
};

test("the same list twice, images, deleted drafts and no list at all are nothing to do", async () => {
  const { config, remove } = await docsSite({ "a.md": "# A\n\nOne.\n", "b.md": "# B\n\nTwo.\n" });
  await indexSite({ config });
  await remove("b.md");
  const only = ["docs/b.md", "docs/logo.png", "docs/draft.md"];
  expect(await indexSite({ config, only })).toMatchObject({ chunks: { total: 1, deleted: 1 } });
  for (const list of [only, []]) {
    const report = await indexSite({ config, only: list });
    expect(report).toMatchObject({ chunks: { total: 1, deleted: 0 }, warnings: [], failures: [] });
  }
  const { lines, logger } = recording();
  await indexSite({ config, only, logger });
  expect(lines.filter((line) => line.includes("logo.png"))).toEqual([
    "Skipped (not a page): docs/b.md, docs/logo.png, docs/draft.md",
  ]);
});

test("a wrong path is refused, and no draft is suggested for it", async () => {
  const { config } = await docsSite({
    "a.md": "# A\n\nOne.\n",
    "secret.md": "---\ndraft: true\n---\n\n# S\n",
  });
  await indexSite({ config });
  await expect(indexSite({ config, only: ["secret.mdx"] })).rejects.toMatchObject({
    code: "PAGE_UNKNOWN",
    message: expect.stringContaining("did you mean a.md?"),
  });
});

test("after a run that died all pages are done, and a warning says why; a wrong list comes first", async () => {
  const site = await docsSite({ "a.md": "# A\n\nOne.\n", "b.md": "# B\n\nTwo.\n" });
  const { config } = site;
  await indexSite({ config });
  await site.write("b.md", "# B\n\nChanged.\n");
  await writeWithoutPublishing(config);
  await expect(indexSite({ config, only: ["nope.md"] })).rejects.toMatchObject({
    code: "PAGE_UNKNOWN",
  });
  const report = await indexSite({ config, only: ["a.md"] });
  expect(report.warnings).toEqual([expect.stringContaining("interrupted while it wrote")]);
  expect(report.chunks).toMatchObject({ total: 2, added: 1 });
});

async function writeWithoutPublishing({ store }: ResolvedConfig): Promise<void> {
  const { space } = new MockGeminiClient();
  await withWriter({ target: store, space, clock: createVirtualClock() }, ({ chunks }) =>
    chunks.write([rowOf("half", { vector: null, vectorFingerprint: null })], []),
  );
}

test("pages alone are not indexed with another model than the rest", async () => {
  const { config } = await docsSite({ "a.md": "# A\n\nOne.\n" });
  await indexSite({ config });
  const client = new MockGeminiClient({ model: "another" });
  await expect(indexSite({ config, client, only: ["a.md"] })).rejects.toMatchObject({
    code: "USAGE",
    message: expect.stringContaining("run `siterag index` for all pages first"),
  });
  expect(client.calls).toEqual([]);
});

/** The same space with its keys from the last to the first. */
class ReversedClient extends MockGeminiClient {
  override readonly space: EmbeddingSpace = reversed(new MockGeminiClient().space);
}

test("pages alone are indexed by a client that writes its space in another order", async () => {
  const { config, write } = await docsSite({ "a.md": "# A\n\nOne.\n" });
  await indexSite({ config });
  await write("a.md", "# A\n\nTwo.\n");
  const report = await indexSite({ config, client: new ReversedClient(), only: ["a.md"] });
  expect(report).toMatchObject({ failures: [], chunks: { added: 1, pending: 0 } });
});

const reversed = ({ taskForm, dimensions, model, provider }: EmbeddingSpace): EmbeddingSpace => ({
  taskForm,
  dimensions,
  model,
  provider,
});
