import type { Element } from "hast";

/** A small site in `fixtures/hosts-built`, and what a reader of it expects. */
export interface HostSite {
  readonly name: string;
  readonly fixture: string;
  /** The page of our documentation whose commands are run. */
  readonly page: string;
  /** Whether its generator is here; else its built HTML is in the fixture. */
  readonly isBuilt: boolean;
  /** Folder of the built site. */
  readonly built: string;
  /** Is this the element that holds the text of a page? */
  readonly isMain: (element: Element) => boolean;
  /** The address of the page "Install Lantern". */
  readonly install: string;
  /** Built files that belong in no index. */
  readonly leftOut: readonly string[];
  /** Indexes the site again in another way, after the commands of the page. */
  readonly index?: string;
  /** Languages of the code blocks, where the HTML names them. */
  readonly languages: { readonly shell: string; readonly long: string };
}

const classesOf = ({ properties }: Element): readonly unknown[] =>
  Array.isArray(properties["className"]) ? properties["className"] : [];

const hasClass =
  (name: string) =>
  (element: Element): boolean =>
    classesOf(element).includes(name);

const isTag =
  (name: string) =>
  ({ tagName }: Element): boolean =>
    tagName === name;

const DIRECTORY = "/manual/guide/install/";
const FOR_NOBODY = ["404.html", "internal/index.html", "search/index.html", "setup/index.html"];
const PAGE = "example-site/src/content/docs/hosts";

const STARLIGHT = {
  fixture: "starlight",
  page: `${PAGE}/starlight.md`,
  isBuilt: true,
  built: "dist",
  isMain: isTag("main"),
  install: DIRECTORY,
  leftOut: [
    ...FOR_NOBODY,
    // Copies of English pages for readers of Japanese.
    "ja/404/index.html",
    "ja/guide/headings/index.html",
    "ja/guide/install/index.html",
    "ja/internal/index.html",
    "ja/reference/settings/index.html",
    // The search page of siterag; the site has one of its own in English.
    "ja/search/index.html",
  ],
  languages: { shell: "sh", long: "js" },
} as const;

export const SITES: readonly HostSite[] = [
  {
    name: "Hugo",
    fixture: "hugo",
    page: `${PAGE}/hugo.md`,
    isBuilt: true,
    built: "public",
    isMain: hasClass("content"),
    install: DIRECTORY,
    leftOut: [...FOR_NOBODY, "guide/installation/index.html"],
    languages: { shell: "sh", long: "go" },
  },
  {
    name: "MkDocs",
    fixture: "mkdocs",
    page: `${PAGE}/mkdocs.md`,
    isBuilt: true,
    built: "site",
    isMain: hasClass("md-content__inner"),
    install: DIRECTORY,
    leftOut: FOR_NOBODY,
    languages: { shell: "text", long: "text" },
  },
  {
    name: "Jekyll",
    fixture: "jekyll",
    page: `${PAGE}/jekyll.md`,
    isBuilt: true,
    built: "_site",
    isMain: isTag("main"),
    install: DIRECTORY,
    leftOut: FOR_NOBODY,
    languages: { shell: "sh", long: "ruby" },
  },
  {
    name: "Sphinx",
    fixture: "sphinx",
    page: `${PAGE}/sphinx.md`,
    isBuilt: true,
    built: "_build/html",
    isMain: hasClass("body"),
    install: "/manual/guide/install.html",
    leftOut: [
      "404.html",
      "genindex.html",
      "internal.html",
      "py-modindex.html",
      "search.html",
      "setup.html",
    ],
    languages: { shell: "sh", long: "python" },
  },
  { name: "Starlight", ...STARLIGHT },
  { name: "Starlight, read as HTML", ...STARLIGHT, index: "siterag index --site dist" },
  {
    name: "Eleventy",
    fixture: "eleventy",
    page: `${PAGE}/eleventy.md`,
    isBuilt: true,
    built: "_site",
    isMain: isTag("main"),
    install: DIRECTORY,
    leftOut: FOR_NOBODY,
    languages: { shell: "sh", long: "js" },
  },
  {
    name: "mdBook",
    fixture: "mdbook",
    page: `${PAGE}/mdbook.md`,
    isBuilt: false,
    built: "book",
    isMain: isTag("main"),
    install: "/manual/guide/install.html",
    // The first chapter is written twice.
    leftOut: ["404.html", "internal.html", "intro.html", "print.html", "setup.html", "toc.html"],
    languages: { shell: "sh", long: "rust" },
  },
  {
    name: "Nextra",
    fixture: "nextra",
    page: `${PAGE}/nextra.md`,
    isBuilt: false,
    built: "out",
    isMain: isTag("main"),
    install: "/manual/guide/install",
    leftOut: ["404.html", "internal.html", "search.html", "setup.html"],
    languages: { shell: "sh", long: "js" },
  },
];
