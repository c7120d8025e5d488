import { cp } from "node:fs/promises";
import { expect, test } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { related } from "../../src/searching/related.ts";
import { search } from "../../src/searching/search.ts";
import { docsSite } from "../support/docs-site.ts";

test("translations are found by their folder's locale, and are related to no original", async () => {
  const { config } = await docsSite({}, { content: { pathStyle: "starlight" } });
  const pages = new URL("../../fixtures/sites/starlight-languages", import.meta.url);
  await cp(pages, config.content.root, { recursive: true });
  await indexSite({ config });

  const near = async (page: string) => (await related({ config, page })).map(({ url }) => url);
  expect(await near("backup.md")).toEqual(["/k8s/"]);
  expect(await near("fr/backup.md")).toEqual(["/fr/k8s/"]);

  const { hits } = await search({ config, query: "terraform", filter: { locale: "fr" } });
  expect(hits.map(({ page }) => page)).toContain("fr/backup.md");
  expect(hits.every(({ page }) => page.startsWith("fr/"))).toBe(true);
});
