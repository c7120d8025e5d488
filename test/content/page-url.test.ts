import { describe, expect, it } from "vitest";
import { pageUrl } from "../../src/content/page-url.ts";
import type { UrlRules } from "../../src/content/page-url.ts";

const RULES: UrlRules = { baseUrl: "/", urlStyle: "directory", pathStyle: "plain" };

describe("pageUrl by style", () => {
  it.each([
    ["plain", "directory", "index.md", "/"],
    ["plain", "directory", "guide/index.md", "/guide/"],
    ["plain", "directory", "guide/install.mdx", "/guide/install/"],
    ["plain", "clean", "guide/index.md", "/guide/"],
    ["plain", "clean", "guide/install.markdown", "/guide/install"],
    ["plain", "html", "index.md", "/"],
    ["plain", "html", "guide/index.md", "/guide/"],
    ["plain", "html", "guide/install.md", "/guide/install.html"],
    ["plain", "directory", "guide/README.md", "/guide/README/"],
    ["plain", "directory", "guide/guide.md", "/guide/guide/"],
    ["plain", "directory", "01-intro/02-setup.md", "/01-intro/02-setup/"],
    ["plain", "directory", "api/v1.2.md", "/api/v1.2/"],
    ["plain", "directory", "Über uns/a?b#c 100%.md", "/%C3%9Cber%20uns/a%3Fb%23c%20100%25/"],
    ["starlight", "directory", "Getting Started/What’s new?.md", "/getting-started/whats-new/"],
    ["starlight", "directory", "api/v1.2.md", "/api/v12/"],
    ["starlight", "directory", "guide/Index.mdx", "/guide/"],
    ["starlight", "directory", "01-intro/guide.md", "/01-intro/guide/"],
    ["starlight", "html", "guide/index.md", "/guide.html"],
    ["starlight", "clean", "index.md", "/"],
    ["docusaurus", "directory", "01-intro/02-setup.md", "/intro/setup/"],
    ["docusaurus", "clean", "guide/index.md", "/guide"],
    ["docusaurus", "clean", "guide/README.md", "/guide"],
    ["docusaurus", "clean", "guide/Guide.md", "/guide"],
    ["docusaurus", "clean", "01-guide/01-guide.md", "/guide"],
    ["docusaurus", "clean", "guide/guide/other.md", "/guide/guide/other"],
    ["docusaurus", "clean", "2024-01-01-news.md", "/2024-01-01-news"],
    ["docusaurus", "clean", "1.2-release.md", "/1.2-release"],
    ["docusaurus", "clean", "003 - my doc.md", "/my%20doc"],
    ["docusaurus", "clean", "1. first.md", "/first"],
    ["docusaurus", "clean", "7.md", "/7"],
    ["docusaurus", "clean", "7-.md", "/7-"],
    ["eleventy", "directory", "guide/guide.md", "/guide/"],
    ["eleventy", "directory", "guide/README.md", "/guide/README/"],
    ["eleventy", "directory", "01-intro/page.md", "/01-intro/page/"],
  ] as const)("%s %s %s → %s", (pathStyle, urlStyle, id, url) => {
    expect(pageUrl(id, {}, { ...RULES, pathStyle, urlStyle })).toBe(url);
  });
});

describe("pageUrl with frontmatter", () => {
  it.each([
    ["plain", { slug: "tools/setup" }, "/tools/setup/"],
    ["plain", { slug: "/tools/setup/" }, "/tools/setup/"],
    ["plain", { slug: "/" }, "/"],
    ["plain", { slug: 2024 }, "/2024/"],
    ["plain", { slug: "" }, "/guide/install/"],
    ["plain", { slug: ["x"] }, "/guide/install/"],
    ["plain", { slug: "caf%C3%A9 é" }, "/caf%C3%A9%20%C3%A9/"],
    ["plain", { slug: "\uD800" }, "/%EF%BF%BD/"],
    ["plain", { slug: "../../x" }, "/x/"],
    ["plain", { id: "other" }, "/guide/install/"],
    ["starlight", { slug: "setup" }, "/setup/"],
    ["docusaurus", { slug: "setup" }, "/guide/setup/"],
    ["docusaurus", { slug: "/setup" }, "/setup/"],
    ["docusaurus", { slug: "./../setup" }, "/setup/"],
    ["docusaurus", { id: "part1" }, "/guide/part1/"],
    ["docusaurus", { id: "part1", slug: "setup" }, "/guide/setup/"],
    ["eleventy", { slug: "setup" }, "/guide/install/"],
    ["eleventy", { permalink: "/a/b/" }, "/a/b/"],
    ["eleventy", { permalink: "a/b.html" }, "/a/b.html"],
    ["eleventy", { permalink: "/a/index.html" }, "/a/"],
    ["eleventy", { permalink: "/" }, "/"],
    ["eleventy", { permalink: "/index.html" }, "/"],
    ["eleventy", { permalink: "/{{ title | slug }}/" }, "/guide/install/"],
    ["plain", { permalink: "/:year/:title/" }, "/guide/install/"],
    ["plain", { permalink: "pretty" }, "/guide/install/"],
    ["plain", { permalink: "/about", slug: "x" }, "/about"],
  ] as const)("%s %j → %s", (pathStyle, frontmatter, url) => {
    expect(pageUrl("guide/install.md", frontmatter, { ...RULES, pathStyle })).toBe(url);
  });
});

describe("pageUrl below a base", () => {
  it.each([
    ["/docs/", "a.md", {}, "/docs/a/"],
    ["/docs", "a.md", {}, "/docs/a/"],
    ["docs", "index.md", {}, "/docs/"],
    ["https://example.org", "index.md", {}, "https://example.org/"],
    ["https://example.org/docs", "a.md", {}, "https://example.org/docs/a/"],
    ["https://example.org/docs/", "index.md", {}, "https://example.org/docs/"],
    ["//example.org/", "a.md", {}, "//example.org/a/"],
    ["/mes docs/", "a.md", {}, "/mes%20docs/a/"],
    ["/docs/", "a.md", { slug: "/x" }, "/docs/x/"],
    ["/repo/", "a.md", { permalink: "/x/" }, "/repo/x/"],
    ["/docs/", "a.md", { permalink: "/docs/x/" }, "/docs/x/"],
    ["/docs/", "a.md", { permalink: "/docs" }, "/docs"],
    ["https://example.org/docs/", "a.md", { permalink: "/x" }, "https://example.org/docs/x"],
  ] as const)("%s + %s %j → %s", (baseUrl, id, frontmatter, url) => {
    expect(pageUrl(id, frontmatter, { ...RULES, baseUrl })).toBe(url);
  });

  it("has no trailing slash if the site's URLs have none", () => {
    const rules = { ...RULES, pathStyle: "docusaurus", urlStyle: "clean" } as const;
    expect(pageUrl("index.md", {}, { ...rules, baseUrl: "/docs/" })).toBe("/docs");
  });
});
