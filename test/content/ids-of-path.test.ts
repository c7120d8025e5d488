import { expect, test } from "vitest";
import { idsOfPath } from "../../src/content/ids-of-path.ts";

const ROOT = "/home/site/docs";

test.each([
  { path: "guide/b.md", ids: ["guide/b.md"], isBelowRoot: false },
  { path: "./guide//b.md", ids: ["guide/b.md"], isBelowRoot: false },
  { path: "docs/b.md", ids: ["docs/b.md", "b.md"], isBelowRoot: true },
  { path: "site/docs/b.md", ids: ["site/docs/b.md", "b.md"], isBelowRoot: true },
  { path: "docs\\guide\\b.md", ids: ["docs/guide/b.md", "guide/b.md"], isBelowRoot: true },
  { path: "/home/site/docs/b.md", ids: ["b.md", "/home/site/docs/b.md"], isBelowRoot: true },
  { path: "/home/site/other/b.md", ids: ["/home/site/other/b.md"], isBelowRoot: false },
  { path: "ocs/b.md", ids: ["ocs/b.md"], isBelowRoot: false },
])("$path can mean $ids", ({ path, ids, isBelowRoot }) => {
  expect(idsOfPath(path, ROOT)).toEqual({ ids, isBelowRoot });
});

test.each([
  { root: "C:\\site\\docs", path: "C:\\site\\docs\\guide\\b.md", ids: ["guide/b.md"] },
  { root: "C:\\site\\docs", path: "c:\\site\\docs\\b.md", ids: ["b.md"] },
  { root: "c:/site/docs", path: "C:/site/docs/b.md", ids: ["b.md"] },
  { root: "\\\\server\\share\\docs", path: "\\\\server\\share\\docs\\b.md", ids: ["b.md"] },
])("on Windows below $root, $path means $ids", ({ ids, path, root }) => {
  const named = idsOfPath(path, root, [root]);
  expect(named.ids.slice(0, 1)).toEqual(ids);
  expect(named.isBelowRoot).toBe(true);
});

test("on Windows, a path from a folder means the page below it", () => {
  const named = idsOfPath("..\\b.md", "D:\\site\\docs", ["d:\\site\\docs\\guide"]);
  expect(named.ids[0]).toBe("b.md");
});

test.each([
  { from: "/home/site", path: "docs/b.md", ids: ["b.md", "docs/b.md", "b.md"] },
  { from: "/home/site/docs", path: "docs/b.md", ids: ["docs/b.md", "docs/b.md", "b.md"] },
  { from: "/home/site/docs/guide", path: "../b.md", ids: ["b.md", "../b.md"] },
  { from: "/elsewhere", path: "docs/b.md", ids: ["docs/b.md", "b.md"] },
])("from $from, $path can mean $ids", ({ from, path, ids }) => {
  expect(idsOfPath(path, ROOT, [from]).ids).toEqual(ids);
});
