import { expect, test } from "vitest";
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
