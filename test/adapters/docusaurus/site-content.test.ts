import { expect, it } from "vitest";
import { siteContent } from "../../../src/adapters/docusaurus/site-content.ts";
import { EMPTY_CONFIG } from "./docusaurus-context.ts";

const page = (name: string, more: object = {}) => ({
  source: `@site/${name}.md`,
  permalink: `/${name}`,
  ...more,
});
const secret = { frontMatter: { rag: false } };
const version = (versionName: string, docs: readonly object[], more: object = {}) => ({
  versionName,
  label: versionName,
  contentPath: `/site/${versionName}`,
  docs,
  ...more,
});

const content = siteContent(
  {
    "docusaurus-plugin-content-docs": {
      default: {
        loadedVersions: [
          version("current", [page("new"), page("quiet", { unlisted: true })]),
          version("1.0", [page("old"), page("told", secret)], { noIndex: true }),
        ],
      },
    },
    "docusaurus-plugin-content-blog": {
      default: { blogPosts: [{ metadata: page("post") }, { metadata: page("diary", secret) }] },
      off: null,
    },
    "docusaurus-plugin-content-pages": {
      default: [
        { type: "mdx", ...page("about") },
        { type: "mdx", ...page("oil", secret) },
        { type: "jsx", ...page("shop") },
      ],
    },
  },
  { siteDir: "/site", baseUrl: "/", siteConfig: EMPTY_CONFIG },
);

it("finds the pages that readers may find, in all that a site is made of", () => {
  expect(content.pages).toEqual(
    ["new", "post", "about"].map((name) => ({ file: `/site/${name}.md`, url: `/${name}` })),
  );
});

it("knows the pages that belong in no index, by their frontmatter", () => {
  expect(content.hidden).toEqual(["/told", "/diary", "/oil"]);
});

it("knows which pages others may link to, with those made with React", () => {
  expect(content.linkable).toEqual(["/new", "/post", "/about", "/shop"]);
});

it("knows every address that is taken", () => {
  const names = ["new", "quiet", "old", "told", "post", "diary", "about", "oil", "shop"];
  expect([...content.taken].toSorted()).toEqual(names.map((name) => `/${name}`).toSorted());
});
