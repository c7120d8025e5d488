import { join } from "node:path";
import type { SearchLabels } from "../../interface/labels.ts";
import { slashed } from "../../words/slashed-path.ts";
import type { VitePressConfig } from "./config.ts";

/** The search page: a page of the site without a file in it. */
export interface SearchPage {
  /** Name of its entry in the bundle. */
  readonly name: string;
  /** Absolute path at which VitePress looks for its Markdown. */
  readonly file: string;
  /** Its address in the site. */
  readonly url: string;
  readonly text: string;
}

const PAGE = "search.md";

/** Adds a search page to the pages that VitePress builds. Null: the site has a page there. */
export function addSearchPage(
  config: VitePressConfig,
  base: string,
  { search }: Pick<SearchLabels, "search">,
): SearchPage | null {
  const { cleanUrls, pages, rewrites, sitemap, srcDir } = config;
  if (pages.includes(PAGE) || rewrites.inv[PAGE] !== undefined) return null;
  pages.push(PAGE);
  const url = `search${cleanUrls === true ? "" : ".html"}`;
  if (sitemap !== undefined) {
    const { transformItems } = sitemap;
    sitemap.transformItems = (items) => {
      const others = items.filter((item) => item.url !== url);
      return transformItems?.(others) ?? others;
    };
  }
  const file = slashed(join(srcDir, PAGE));
  return { name: PAGE, file, url: base + url, text: textWith(search) };
}

const textWith = (title: string): string => `---
title: ${JSON.stringify(title)}
head: [[meta, { name: robots, content: noindex }]]
search: false
sidebar: false
aside: false
editLink: false
lastUpdated: false
prev: false
next: false
---

<script setup>
import { SiteragSearchPage } from "siterag/vitepress/client";
</script>

# ${title}

<SiteragSearchPage />
`;

/** The part of a Vite plugin that serves the page. */
export interface SearchPagePlugin {
  readonly name: string;
  readonly enforce: "pre";
  readonly resolveId: (id: string) => string | undefined;
  readonly load: (id: string) => string | undefined;
}

/** A Vite plugin that has the Markdown of the search page. */
export const searchPagePlugin = (page: () => SearchPage | null): SearchPagePlugin => ({
  name: "siterag:search-page",
  enforce: "pre",
  resolveId(id) {
    const { file } = page() ?? {};
    return id === file || id === `/${PAGE}` ? file : undefined;
  },
  load(id) {
    const { file, text } = page() ?? {};
    return id === file ? text : undefined;
  },
});
