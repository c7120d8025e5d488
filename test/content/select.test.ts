import { describe, expect, it } from "vitest";
import { isSelected } from "../../src/content/hidden-pages.ts";

const BY_FRONTMATTER: [Record<string, unknown>, boolean][] = [
  [{}, true],
  [{ draft: true }, false],
  [{ draft: "true" }, false],
  [{ draft: " True " }, false],
  [{ draft: "yes" }, false],
  [{ draft: "on" }, false],
  [{ draft: false }, true],
  [{ draft: "false" }, true],
  [{ draft: null }, true],
  [{ draft: "soon" }, true],
  [{ unlisted: true }, false],
  [{ unlisted: false }, true],
  [{ rag: false }, false],
  [{ rag: "false" }, false],
  [{ rag: "no" }, false],
  [{ rag: true }, true],
  [{ published: false }, false],
  [{ published: "off" }, false],
  [{ published: "2024-01-01" }, true],
  [{ permalink: false }, false],
  [{ permalink: "/x/" }, true],
  [{ rag: true, draft: true }, false],
  [{ head: [{ tag: "meta", attrs: { name: "robots", content: "noindex" } }] }, false],
  [{ head: [["meta", { name: "robots", content: "noindex, nofollow" }]] }, false],
  [{ head: [["meta", { name: "robots", content: "nofollow" }]] }, true],
  [JSON.parse('{"__proto__": {"draft": true}}'), true],
];

const BY_PATH: [string, boolean][] = [
  ["guide/install.md", true],
  ["_intro.md", false],
  ["guide/_intro.mdx", false],
  ["_partials/intro.md", false],
  ["guide/_parts/deep/intro.md", false],
  ["snake_case/my_page_.md", true],
  ["404.md", false],
  ["pt-br/404.mdx", false],
  ["errors/404.md", true],
  ["404-pages.md", true],
];

describe("isSelected", () => {
  it.each(BY_FRONTMATTER)("selects a page with frontmatter %j: %s", (frontmatter, selected) => {
    expect(isSelected({ id: "page.md", frontmatter })).toBe(selected);
  });

  it.each(BY_PATH)("selects the path %s: %s", (id, selected) => {
    expect(isSelected({ id, frontmatter: {} })).toBe(selected);
  });
});
