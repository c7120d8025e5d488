import { slugify } from "@mdit-vue/shared";
import fc from "fast-check";
import GithubSlugger from "github-slugger";
import { describe, expect, it } from "vitest";
import { anchorsOf, slugVitepress } from "../../src/chunking/anchors.ts";

const plain = (texts: readonly string[]) => texts.map((text) => ({ text, explicitId: null }));

describe("anchorsOf", () => {
  it.each([
    ["1. Install", "1-install", "_1-install", "1-install"],
    ["C++ & C#", "c--c", "c-c", "c-and-c"],
    ["What’s new?", "whats-new", "what-s-new", "what-s-new"],
    ["Überblick", "überblick", "uberblick", "ueberblick"],
    ["foo_bar baz", "foo_bar-baz", "foo-bar-baz", "foo-bar-baz"],
    ["v2.0.0", "v200", "v2-0-0", "v2-0-0"],
  ])("slugs %j as each host does", (text, github, vitepress, eleventy) => {
    expect(anchorsOf("github", plain([text]))).toEqual([github]);
    expect(anchorsOf("vitepress", plain([text]))).toEqual([vitepress]);
    expect(anchorsOf("eleventy", plain([text]))).toEqual([eleventy]);
    expect(anchorsOf("none", plain([text]))).toEqual([github]);
  });

  it.each([
    ["github", ["usage", "usage-1", "usage-1-1", "usage-2"]],
    ["vitepress", ["usage", "usage-1", "usage-1-1", "usage-2"]],
    ["eleventy", ["usage", "usage-2", "usage-1", "usage-3"]],
  ] as const)("numbers duplicates as %s does", (slugger, expected) => {
    expect(anchorsOf(slugger, plain(["Usage", "Usage", "Usage 1", "Usage"]))).toEqual(expected);
  });

  it("keeps an explicit id and numbers later headings of that name", () => {
    const headings = [
      { text: "Setup", explicitId: "usage" },
      { text: "Usage", explicitId: null },
    ];
    expect(anchorsOf("github", headings)).toEqual(["usage", "usage-1"]);
    expect(anchorsOf("eleventy", headings)).toEqual(["usage", "usage-2"]);
  });

  it("renames an earlier heading if an explicit id takes its name, as Eleventy does", () => {
    const headings = [
      { text: "Usage", explicitId: null },
      { text: "Setup", explicitId: "usage" },
    ];
    expect(anchorsOf("eleventy", headings)).toEqual(["usage-2", "usage"]);
  });

  it("matches github-slugger for any headings", () => {
    const names = fc.array(fc.oneof(fc.constantFrom("a", "a-1", "a 1", "b"), fc.string()));
    fc.assert(
      fc.property(names, (texts) => {
        const slugger = new GithubSlugger();
        expect(anchorsOf("github", plain(texts))).toEqual(texts.map((text) => slugger.slug(text)));
      }),
    );
  });

  it("matches VitePress's own slugify for any heading", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(slugVitepress(text)).toBe(slugify(text));
      }),
    );
  });

  it("handles ten thousand equal headings in linear time", () => {
    const anchors = anchorsOf("vitepress", plain(Array.from({ length: 10_000 }, () => "Usage")));
    expect(anchors.at(-1)).toBe("usage-9999");
    expect(new Set(anchors).size).toBe(10_000);
  });
});
