import { posix, win32 } from "node:path";
import { expect, test } from "vitest";
import { displayPath } from "../../src/config/config-file.ts";
import { isOutside, slashed, wayFrom } from "../../src/words/slashed-path.ts";

test.each([
  ["C:\\site\\docs", "C:\\site\\docs\\guide\\a.md", "guide/a.md"],
  ["C:/site/docs", "c:\\site\\docs\\guide/a.md", "guide/a.md"],
  ["C:\\site\\docs", "C:\\site\\parts\\a.md", "../parts/a.md"],
  ["C:\\site\\docs\\", "C:\\site\\docs", "."],
  ["\\\\server\\share\\docs", "\\\\server\\share\\docs\\a.md", "a.md"],
])("on Windows, the way from %s to %s is %s", (folder, path, way) => {
  expect(wayFrom(folder, path, win32)).toBe(way);
});

test.each([
  ["/site/docs", "/site/docs/guide/a.md", "guide/a.md"],
  ["/site/docs", "/site/parts/a.md", "../parts/a.md"],
  ["/site/docs/", "/site/docs", "."],
])("elsewhere, the way from %s to %s is %s", (folder, path, way) => {
  expect(wayFrom(folder, path, posix)).toBe(way);
});

test("a backslash in a name stays where it separates nothing", () => {
  expect(slashed("a\\b.md", posix)).toBe("a\\b.md");
  expect(slashed("a\\b.md", win32)).toBe("a/b.md");
});

test.each([
  ["C:\\site", "C:\\site\\a.md", false],
  ["C:\\site", "C:\\site\\..a.md", false],
  ["C:\\site", "C:\\", true],
  ["C:\\site", "C:\\sites\\a.md", true],
  ["C:\\site", "D:\\site\\a.md", true],
])("on Windows, is the path outside of %s? %s: %s", (folder, path, is) => {
  expect(isOutside(folder, path, win32)).toBe(is);
});

test.each([
  ["C:\\site", "C:\\site\\docs\\siterag.config.ts", "docs/siterag.config.ts"],
  ["C:\\site", "D:\\other\\siterag.config.ts", "D:\\other\\siterag.config.ts"],
  ["C:\\site", "C:\\siterag.config.ts", "C:\\siterag.config.ts"],
  ["C:\\site", "C:\\site", "C:\\site"],
])("from %s, a message on Windows shows %s as %s", (cwd, path, shown) => {
  expect(displayPath(cwd, path, win32)).toBe(shown);
});
