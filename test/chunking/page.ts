import type { Page } from "../../src/words/types.ts";

/** A page with this body and whatever else a test cares about. */
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
    contentHash: "",
    ...rest,
  };
}
