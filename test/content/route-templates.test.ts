import { cp } from "node:fs/promises";
import { expect, it } from "vitest";
import type { ContentOptions } from "../../src/content/page-of-file.ts";
import { readPages } from "../support/read-pages.ts";
import { makeSite } from "./site.ts";

async function read(content: ContentOptions) {
  const log: string[] = [];
  const warn = (message: string): void => void log.push(message);
  const report = {
    warn,
    tell: warn,
    warnOfAll: warn,
    fail: (_: string, message: string) => warn(message),
  };
  const pages = await Array.fromAsync(readPages(content, report));
  return { ids: pages.map(({ id }) => id), log };
}

it("leaves out the templates of dynamic routes, with one warning", async () => {
  const content = await makeSite({});
  const site = new URL("../../fixtures/sites/vitepress-routes", import.meta.url);
  await cp(site, content.root, { recursive: true });
  const { ids, log } = await read(content);
  expect(ids).toEqual(["about.md"]);
  const exclude = [String.raw`packages/\[name\].md`];
  expect(await read({ ...content, exclude })).toEqual({ ids, log: [] });
  expect(log).toMatchInlineSnapshot(`
    [
      "Left out, because the site generator makes other pages from them, which siterag does not see: packages/[name].md. To hide this warning, name them in content.exclude, with a backslash before each bracket.",
    ]
  `);
});

const TEMPLATES = [
  "[slug].md",
  "[...slug].md",
  "[[...slug]].mdx",
  "v-[version]/a.md",
  "a/[x]-y.md",
];
const PAGES = ["[].md", "[C++].md", "a (b).md", "x].md", "y[.md", "[WIP] plan.md"];

it("counts the templates, and takes other brackets for part of a name", async () => {
  const files = Object.fromEntries([...TEMPLATES, ...PAGES].map((id) => [id, ""]));
  const { ids, log } = await read(await makeSite(files));
  expect(ids.toSorted()).toEqual(PAGES.toSorted());
  expect(log).toMatchInlineSnapshot(`
    [
      "Left out, because the site generator makes other pages from them, which siterag does not see: [...slug].md, [[...slug]].mdx, [slug].md, a/[x]-y.md, v-[version]/a.md. To hide this warning, name them in content.exclude, with a backslash before each bracket.",
    ]
  `);
});

it("says nothing of a template that is a draft", async () => {
  const content = await makeSite({ "[secret].md": "---\ndraft: true\n---\n" });
  expect(await read(content)).toEqual({ ids: [], log: [] });
});

it.each(["starlight", "docusaurus", "eleventy"] as const)(
  "reads brackets as part of the name with the path style %s, as its host does",
  async (pathStyle) => {
    const files = { "[id].md": "", "[...all].md": "" };
    const { ids, log } = await read(await makeSite(files, { pathStyle }));
    expect(ids).toHaveLength(2);
    expect(log).toEqual([]);
  },
);
