import { join } from "node:path";
import { expect, it } from "vitest";
import { writeRelated } from "../../../src/adapters/docusaurus/related-data.ts";
import addRelated from "../../../src/adapters/docusaurus/related-loader.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const near = (name: string) => ({
  page: `docs/${name}/index.html`,
  url: `/manual/docs/${name}/`,
  title: name,
  score: 0.9,
  locale: null,
  version: null,
});

/** The links that the page at an address gets, of an index that was made of the built site. */
async function linksOf(permalink: string, related: number): Promise<unknown> {
  const folder = join(await temporaryFolder(), "related");
  const pages = [{ ...near("intro"), related: [near("gone"), near("oil"), near("wicks")] }];
  const linkable = ["/manual/docs/intro", "/manual/docs/oil", "/manual/docs/wicks"];
  await writeRelated(folder, { pages, related }, { linkable });
  const context = {
    getOptions: () => ({ folder }),
    addDependency: () => undefined,
    addMissingDependency: () => undefined,
  };
  const metadata: unknown = JSON.parse(addRelated.call(context, JSON.stringify({ permalink })));
  return metadata;
}

const linkTo = (name: string) => ({ title: name, url: `/manual/docs/${name}/` });

it.each(["/manual/docs/intro", "/manual/docs/intro/"])(
  "gives the page %s its links, whatever file siterag has read it from",
  async (permalink) => {
    const siterag = [linkTo("oil"), linkTo("wicks")];
    expect(await linksOf(permalink, 3)).toEqual({ permalink, siterag });
  },
);

it("fills the list with the next page where one is gone", async () => {
  const permalink = "/manual/docs/intro";
  expect(await linksOf(permalink, 1)).toEqual({ permalink, siterag: [linkTo("oil")] });
});

it("gives a page that the index does not have no links", async () => {
  const permalink = "/manual/docs/new";
  expect(await linksOf(permalink, 3)).toEqual({ permalink });
});
