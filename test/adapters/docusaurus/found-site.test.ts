import { win32 } from "node:path";
import { expect, it } from "vitest";
import { foundInDocusaurus } from "../../../src/adapters/docusaurus/found-site.ts";
import { contextOf } from "./docusaurus-context.ts";

it("leaves out pages beside the root that the author has chosen, also on another drive", () => {
  const content = {
    pages: [
      { file: "C:\\site\\docs\\oil.md", url: "/oil" },
      { file: "C:\\site\\blog\\news.md", url: "/news" },
      { file: "D:\\docs\\wicks.md", url: "/wicks" },
    ],
    folders: [],
    versions: new Map(),
    hidden: [],
    linkable: [],
    taken: new Set<string>(),
  };
  const found = foundInDocusaurus(contextOf("C:\\site"), content, "C:\\site\\docs", win32);
  expect(found.content?.root).toBe("docs");
  expect(found.content?.pages).toEqual({ "oil.md": "/oil" });
});
