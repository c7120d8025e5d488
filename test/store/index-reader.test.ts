import { expect, test } from "vitest";
import { textQuestion } from "../../src/ranking/text-question.ts";
import { withReader } from "../../src/store/index-reader.ts";
import { axis, rowOf, space } from "./open-database.ts";
import { newTarget, published, textsIn, write } from "./target.ts";

test("before the first publication there is no index, and the message names the command", async () => {
  const target = await newTarget();
  const missing = { code: "INDEX_MISSING", message: expect.stringContaining("`siterag index`") };
  await expect(textsIn(target)).rejects.toMatchObject(missing);
  await write(target, ({ chunks }) => chunks.write([rowOf("a")], []));
  await expect(textsIn(target)).rejects.toMatchObject(missing);
});

test("an index that is published but whose table is gone is missing", async () => {
  const target = await newTarget();
  await write(target, async ({ chunks, database }) => {
    await chunks.write([rowOf("a")], []);
    await chunks.publish(published);
    await database.drop("chunks");
  });
  await expect(textsIn(target)).rejects.toMatchObject({ code: "INDEX_MISSING" });
});

test("the reader counts rows, and reads their pages and vectors", async () => {
  const target = await newTarget();
  const stale = { vectorFingerprint: "older" };
  await write(target, async ({ chunks }) => {
    await chunks.write(
      [
        rowOf("a", { url: "/page/#usage", locale: "en", vector: axis(1) }),
        rowOf("b", { url: "/page/", locale: "en", ...stale }),
        rowOf("c", {
          page: "it's.md",
          url: "/its/",
          title: "It",
          vector: null,
          vectorFingerprint: null,
        }),
      ],
      [],
    );
    await chunks.publish({ ...published, pages: 2 });
  });
  await withReader(target, async (reader) => {
    expect(reader.published).toMatchObject({ pages: 2, space });
    expect(await reader.counts()).toEqual({ chunks: 3, pending: 2 });
    expect(await reader.vectorsOfPage("it's.md")).toEqual([{ url: "/its/", vector: null }]);
    expect(await reader.vectorsOfPage("page.md")).toContainEqual({
      url: "/page/#usage",
      vector: axis(1),
    });
    expect(await reader.pages()).toEqual(
      new Map([
        ["page.md", { url: "/page/", title: "Page", locale: "en", version: null }],
        ["it's.md", { url: "/its/", title: "It", locale: null, version: null }],
      ]),
    );
  });
});

test("full text finds headings and titles too, headings first", async () => {
  const target = await newTarget();
  await write(target, async ({ chunks }) => {
    const rows = [
      rowOf("in text", { text: "On caching and many other things of note." }),
      rowOf("in headings", { headings: ["Guide", "Caching"], text: "Nothing else." }),
      rowOf("nowhere"),
    ];
    await chunks.write(rows, []);
    await chunks.publish(published);
  });
  const found = await withReader(target, (reader) => reader.matching(textQuestion("caching"), 10));
  expect(found.map(({ row }) => row.id)).toEqual(["in headings", "in text"]);
});

test("words of a question add up across columns", async () => {
  const target = await newTarget();
  await write(target, async ({ chunks }) => {
    const rows = [
      rowOf("title alone", { title: "Exporter", headings: [], text: "The colour of the lines." }),
      rowOf("text alone", { title: "Importer", headings: [], text: "The interval of it all." }),
      rowOf("title and text", { title: "Exporter", headings: [], text: "The interval is short." }),
      rowOf("neither"),
    ];
    await chunks.write(rows, []);
    await chunks.publish(published);
  });
  const found = await withReader(target, (reader) =>
    reader.matching(textQuestion("exporter interval"), 10),
  );
  const [best, second] = found.map(({ score }) => score);
  expect(found[0]?.row.id).toBe("title and text");
  expect(best).toBeGreaterThan((second ?? Infinity) * 1.2);
});

/** The ids that a query finds among texts, best first. */
async function idsFor(query: string, texts: Readonly<Record<string, string>>): Promise<string[]> {
  const target = await newTarget();
  const rows = Object.entries(texts).map(([id, text]) => rowOf(id, { text }));
  await write(target, async ({ chunks }) => {
    await chunks.write(rows, []);
    await chunks.publish(published);
  });
  const chunks = await withReader(target, (reader) => reader.matching(textQuestion(query), 10));
  return chunks.map(({ row }) => row.id);
}

test("the parts of a name count more together than apart", async () => {
  const texts = {
    apart: "A model of v, and v of a model.",
    together: "Bind it by v-model when it is wanted in the form.",
    neither: "Something else.",
  };
  expect(await idsFor("v-model", texts)).toEqual(["together", "apart"]);
});

test("other forms of a word are found, too, after the word itself", async () => {
  const texts = {
    form: "It was cached.",
    word: "It is caching.",
    neither: "It is a cat.",
    other: "It is a dog.",
  };
  expect(await idsFor("caching", texts)).toEqual(["word", "form"]);
});
