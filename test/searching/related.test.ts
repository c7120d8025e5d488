import { expect, test } from "vitest";
import { related, relatedOfAll } from "../../src/searching/related.ts";
import { withReader } from "../../src/store/index-reader.ts";
import type { Row } from "../../src/words/hits.ts";
import { configSchema } from "../../src/providers/load-config.ts";
import { axis, rowOf } from "../store/open-database.ts";
import { newTarget, published, write } from "../store/target.ts";

const row = (page: string, changes: Partial<Row> = {}): Row =>
  rowOf(`${page}#1`, { page, url: `/${page}/`, ...changes });

/** Near the first axis, the nearer the smaller `away` is. */
function near(away: number): Float32Array {
  const length = Math.hypot(1, away);
  return Float32Array.from([1 / length, away / length, 0, 0]);
}

async function indexOf(rows: readonly Row[], pages = 20) {
  const store = await newTarget();
  await write(store, async ({ chunks }) => {
    await chunks.write(rows, []);
    await chunks.publish({ ...published, pages });
  });
  return configSchema.parse({ store, content: { root: "/site/docs" } });
}

const pagesNear = async (rows: readonly Row[], page = "a.md"): Promise<string[]> =>
  (await related({ config: await indexOf(rows), page })).map((one) => one.page);

test("the nearest pages come first, and equally near ones by id", async () => {
  const rows = [
    row("a.md"),
    row("z.md", { vector: near(0.5) }),
    row("c.md", { vector: near(0.2) }),
    row("b.md", { vector: near(0.5) }),
  ];
  expect(await pagesNear(rows)).toEqual(["c.md", "b.md", "z.md"]);
});

test("of pages with the same URL the nearest is listed, and none with the page's own", async () => {
  const same = (page: string, away: number, url: string) => row(page, { vector: near(away), url });
  const rows = [
    row("a.md"),
    same("a/index.md", 0.1, "/a.md/#a"),
    same("c.md", 0.3, "/c/#c"),
    same("c/index.md", 0.2, "/c/"),
    row("d.md", { vector: near(1) }),
  ];
  expect(await pagesNear(rows)).toEqual(["c/index.md", "d.md"]);
});

test("only pages of the same locale and version are related", async () => {
  const german = { locale: "de", version: "2" };
  const rows = [
    row("a.md", german),
    row("b.md", { ...german, vector: near(1) }),
    row("c.md", { ...german, version: "1" }),
    row("d.md", { ...german, locale: "en" }),
    row("e.md", { ...german, version: null }),
    row("f.md"),
  ];
  expect(await pagesNear(rows)).toEqual(["b.md"]);
  expect(await pagesNear(rows, "f.md")).toEqual([]);
});

test("at most five pages are listed unless more are asked for", async () => {
  const rows = ["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => row(`${name}.md`));
  expect(await pagesNear(rows)).toEqual(["b.md", "c.md", "d.md", "e.md", "f.md"]);
  const config = await indexOf(rows);
  expect(await related({ config, page: "a.md", limit: 7 })).toHaveLength(7);
});

test("one very long page hides no other", async () => {
  const long = Array.from({ length: 150 }, (_, at) => rowOf(`long.md#${at}`, { page: "long.md" }));
  const rows = [
    row("a.md"),
    ...long,
    row("b.md", { vector: near(1) }),
    row("c.md", { vector: near(2) }),
  ];
  expect(await pagesNear(rows)).toEqual(["long.md", "b.md", "c.md"]);
});

test("a page without vectors is related to none, and none to it", async () => {
  const bare = { vector: null, vectorFingerprint: null };
  const rows = [row("a.md"), row("b.md", bare), row("c.md", { vector: axis(1) })];
  expect(await pagesNear(rows)).toEqual(["c.md"]);
  expect(await pagesNear(rows, "b.md")).toEqual([]);
});

test("the related pages of all pages are those of each page", async () => {
  const rows = Array.from({ length: 12 }, (_, at) =>
    row(`${at}.md`, {
      url: `/${at % 9}/`,
      locale: at % 4 === 0 ? "de" : null,
      vector: at === 7 ? null : near(((at * 7) % 12) / 4),
    }),
  );
  const config = await indexOf([...rows, rowOf("3.md#2", { page: "3.md", url: "/3/#two" })]);
  for (const { page, related: found } of await relatedOfAll(config.store, 4)) {
    const each = await related({ config, page, limit: 4 });
    expect(found.map((one) => one.page)).toEqual(each.map((one) => one.page));
    expect(found.map(({ score }) => score.toFixed(5))).toEqual(
      each.map(({ score }) => score.toFixed(5)),
    );
  }
  expect(await relatedOfAll(config.store)).toHaveLength(12);
});

test("the index is not touched by it", async () => {
  const config = await indexOf([row("a.md"), row("b.md")]);
  await related({ config, page: "a.md" });
  expect(await withReader(config.store, (reader) => reader.counts())).toEqual({
    chunks: 2,
    pending: 0,
  });
});
