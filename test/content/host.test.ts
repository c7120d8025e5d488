import { describe, expect, it } from "vitest";
import { hostOf } from "../../src/content/host.ts";
import { pageOfFile } from "../../src/content/page-of-file.ts";
import type { ContentOptions } from "../../src/content/page-of-file.ts";

const CONTENT: ContentOptions = {
  root: "/",
  include: [],
  exclude: [],
  baseUrl: "/",
  urlStyle: "clean",
  pathStyle: "docusaurus",
  slugger: "github",
  format: "host",
  paths: {},
  routes: {},
  locales: {},
  versions: {},
};

const formatOf = (id: string, frontmatter: string, content: Partial<ContentOptions> = {}) =>
  pageOfFile(id, Buffer.from(`---\n${frontmatter}\n---\ntext`), { ...CONTENT, ...content }).page
    ?.format;

describe("the host of a site", () => {
  it.each([
    ["starlight", "github", "astro"],
    ["docusaurus", "github", "docusaurus"],
    ["eleventy", "none", "eleventy"],
    ["plain", "vitepress", "vitepress"],
    ["plain", "github", null],
  ] as const)("with path style %s and slugger %s is %s", (pathStyle, slugger, host) => {
    expect(hostOf({ pathStyle, slugger })).toBe(host);
  });
});

describe("the grammar of a page", () => {
  it.each([
    ["a.md", "title: A", {}, "mdx"],
    ["a.md", "mdx:\n  format: md", {}, "md"],
    ["a.md", "format: md", {}, "md"],
    ["a.md", "mdx: { format: detect }", {}, "md"],
    ["a.mdx", "mdx: { format: detect }", {}, "mdx"],
    ["a.md", "title: A", { format: "detect" }, "md"],
    ["a.mdx", "title: A", { format: "md" }, "md"],
    ["a.md", "mdx: { format: mdx }", { format: "detect" }, "mdx"],
    ["a.md", "title: A", { pathStyle: "plain" }, "md"],
    ["a.mdx", "format: md", { pathStyle: "plain" }, "mdx"],
    ["a.md", "title: A", { pathStyle: "plain", format: "mdx" }, "mdx"],
  ] as const)("%s with %j and the settings %j is %s", (id, frontmatter, settings, format) => {
    expect(formatOf(id, frontmatter, settings)).toBe(format);
  });
});
