/** A host of an adapter, and what readers of the site in `fixtures/site` expect when it builds it. */
export interface AdapterSite {
  readonly name: string;
  /** Folder in `fixtures/site-hosts`: what this host alone needs. */
  readonly fixture: string;
  /** Where the host expects the common pages, below the folder of the site. */
  readonly content: string;
  readonly build: string;
  /** The dev server; a port is put behind it. */
  readonly dev: string;
  /** Folder of the built site. */
  readonly built: string;
  /** Addresses of pages. */
  readonly pages: {
    readonly install: string;
    readonly headings: string;
    readonly errors: string;
    readonly arabic: string;
    readonly search: string;
  };
  /** Pages that only this host has. */
  readonly own: readonly string[];
}

/** What the configuration of each host says. */
export const BASE = "/manual/";

/** Pages of `fixtures/site` that readers find, by source. */
export const COMMON_PAGES = [
  "ar/guide/install",
  "ar/index",
  "guide/headings",
  "guide/install",
  "guide/long-code",
  "guide/usage",
  "index",
  "ja/guide/install",
  "ja/index",
  "reference/errors",
  "reference/settings",
];

const VITEPRESS = {
  content: "docs",
  build: "vitepress build docs",
  dev: "vitepress dev docs --port",
  built: "docs/.vitepress/dist",
  own: ["guide/custom-ids", "guide/parts", "packages/glass", "packages/wick"],
} as const;

export const ADAPTER_SITES: readonly AdapterSite[] = [
  {
    name: "Docusaurus",
    fixture: "docusaurus",
    content: "docs",
    build: "docusaurus build",
    dev: "docusaurus start --no-open --port",
    built: "build",
    pages: {
      install: "guide/install",
      headings: "guide/headings",
      errors: "reference/errors",
      arabic: "ar/guide/install",
      search: "search",
    },
    own: ["about", "blog/2026/03/01/first-light", "elsewhere/lamps", "guide/parts"],
  },
  {
    name: "Astro",
    fixture: "astro",
    content: "src/content/manual",
    build: "astro build",
    dev: "astro dev --port",
    built: "dist",
    pages: {
      install: "guide/install",
      headings: "guide/headings",
      errors: "reference/errors",
      arabic: "ar/guide/install",
      search: "search",
    },
    own: ["guide/parts"],
  },
  {
    name: "Starlight",
    fixture: "starlight",
    content: "src/content/docs",
    build: "astro build",
    dev: "astro dev --port",
    built: "dist",
    pages: {
      install: "guide/install/",
      headings: "guide/headings/",
      errors: "reference/errors/",
      arabic: "ar/guide/install/",
      search: "search/",
    },
    own: ["guide/parts"],
  },
  {
    name: "VitePress 1.6",
    fixture: "vitepress",
    ...VITEPRESS,
    pages: {
      install: "guide/install.html",
      headings: "guide/headings.html",
      errors: "handbook/errors.html",
      arabic: "ar/guide/install.html",
      search: "search.html",
    },
  },
  {
    name: "VitePress 2 alpha",
    fixture: "vitepress-next",
    ...VITEPRESS,
    pages: {
      install: "guide/install",
      headings: "guide/headings",
      errors: "reference/errors",
      arabic: "ar/guide/install",
      search: "search",
    },
  },
  {
    name: "Eleventy 3.1",
    fixture: "eleventy",
    content: "content",
    build: "eleventy",
    dev: "eleventy --serve --port",
    built: "public",
    pages: {
      install: "guide/install/",
      headings: "guide/headings/",
      errors: "reference/errors/",
      arabic: "ar/guide/install/",
      search: "search/",
    },
    own: ["guide/parts", "guide/switches", "licences/oil", "packages/glass", "packages/wick"],
  },
  {
    name: "Eleventy 4 alpha",
    fixture: "eleventy-next",
    content: "docs",
    build: "eleventy",
    dev: "eleventy --serve --port",
    built: "_site",
    pages: {
      install: "guide/install.html",
      headings: "guide/headings.html",
      errors: "reference/errors.html",
      arabic: "ar/guide/install.html",
      search: "search.html",
    },
    own: ["guide/fog", "guide/parts"],
  },
];
