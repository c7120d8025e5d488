import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";

const ADAPTERS = new URL("../../src/adapters/", import.meta.url);

it.each(["related-pages.css", "vitepress/client/style.css"])(
  "%s prints no related pages",
  async (file) => {
    const style = await readFile(new URL(file, ADAPTERS), "utf8");
    const [, hidden = ""] = /@media print \{\s*([^{}]*) \{\s*display: none;/u.exec(style) ?? [];
    expect(hidden).toContain(".siterag-related");
  },
);
