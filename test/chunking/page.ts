import type { Page } from "../../src/words/types.ts";

/** A page with the given body and properties. */
export function pageOf(body: string, rest: Partial<Page> = {}): Page {
  return {
    id: "guide/page.md",
    url: "/guide/page/",
    title: null,
    body,
    bodyLine: 1,
    format: "md",
    frontmatter: {},
    locale: null,
    version: null,
    slugger: "github",
    host: null,
    contentHash: "",
    ...rest,
  };
}
