import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { pathOf } from "../../src/content/built-addresses.ts";
import { scansFromStore, scansToStore } from "../../src/content/file-scans.ts";
import { pagesFromStore, pagesToStore } from "../../src/content/known-pages.ts";
import type { ContentOptions } from "../../src/content/page-of-file.ts";
import type { PageSources } from "../../src/content/page-files.ts";
import { sitePages, type SiteMemory } from "../../src/content/site-pages.ts";
import { surveySite } from "../../src/content/survey-site.ts";
import { casesOf, SEEDS } from "../support/seeds.ts";
import { makeSite } from "./site.ts";

type Options = ContentOptions & PageSources;

/** One change of a site's files or settings, and the files that the run after it is told of; null: all. */
interface Step {
  readonly file: string;
  /** Null: the file goes. */
  readonly text: string | null;
  readonly settings: Partial<Options>;
  readonly only: readonly string[] | null;
}

const only = (files: readonly string[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...files), { maxLength: 2 }), { freq: 2 });

const sequences = (
  files: readonly string[],
  texts: readonly string[],
  settings: readonly Partial<Options>[],
): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      file: fc.constantFrom(...files),
      text: fc.option(fc.constantFrom(...texts), { freq: 6 }),
      settings: fc.constantFrom(...settings),
      only: only(files),
    }),
    { minLength: 8, maxLength: 14 },
  );

const SOURCE = sequences(
  ["a.md", "b.mdx", "fr/a.md", "guide/1-c.md", "_part.md", "packages/[name].md", "404.md"],
  [
    "# One\n\nText.",
    "---\ntitle: Two\nslug: two\n---\nText.",
    "---\ntitle: Three\nlang: de\nversion: v2\nmdx:\n  format: md\n---\nText.",
    "---\ndraft: true\n---\nText.",
    "---\nrag: false\n---\nText.",
    "---\ntitle: [\n---\nText.",
    "---\ntitle: [\ndraft: true\n---\nText.",
    "Text\0.",
    "# Whole\n\n<!--@include: ./_part.md-->\n\n<<< ./missing.ts",
    'import Part from "./_part.md";\n\n<Part />\n',
    "# {{ $params.name }}\n\n<!-- @content -->",
  ],
  [
    {},
    {},
    {},
    { baseUrl: "https://example.org/docs/" },
    { urlStyle: "html" },
    { pathStyle: "docusaurus", slugger: "none" },
    { slugger: "vitepress" },
    { format: "md" },
    { locales: { guide: "es" } },
    { paths: { guide: "handbook" }, versions: { ".": "1" } },
    { exclude: ["fr/**"] },
    {
      routes: {
        "packages/x.md": { file: "packages/[name].md", params: { name: "X" }, content: "Of X." },
      },
    },
    { routes: { "a.md": { file: "packages/[name].md", params: { name: "A" }, content: "" } } },
  ],
);

const html = (main: string, head = "", lang = "en"): string =>
  `<!doctype html><html lang="${lang}"><head>${head}</head><body><main lang="en">${main}</main></body></html>`;

const canonical = (address: string): string => `<link rel="canonical" href="${address}">`;

const BUILT = sequences(
  ["index.html", "a/index.html", "b.html", "fr/a/index.html", "é/index.htm", "404.html"],
  [
    html("<p>One.</p>"),
    html("<p>Two.</p>", "<title>Two</title>"),
    html("<p>One.</p>", canonical("https://example.org/docs/a/")),
    html("<p>One.</p>", canonical("/docs/a")),
    html("<p>Three.</p>", canonical("https://example.org/docs/%C3%A9/index.htm")),
    html("<p>Three.</p>", canonical("https://example.org//b.html?x#y")),
    html("<p>Four.</p>", canonical("https://example.org/docs/")),
    html("<p>Four.</p>", '<meta name="robots" content="noindex">'),
    html("<p data-pagefind-body>Five.</p>"),
    html("<p>Six.</p>\0"),
    html(""),
  ],
  [{}, {}, {}, { baseUrl: "/docs/" }, { urlStyle: "clean" }, { exclude: ["fr/**"] }],
);

/** What a store would have kept, as text. */
interface Kept {
  built: string | null;
  source: string | null;
}

const memoryIn = (kept: Kept): SiteMemory => ({
  built: {
    known: async () => scansFromStore(kept.built),
    found: (scans) => (kept.built = scansToStore(scans)),
  },
  source: {
    known: async () => pagesFromStore(kept.source),
    found: (pages) => (kept.source = pagesToStore(pages)),
  },
});

/** All that a caller gets to know of a site: its pages, read whole, and the messages. */
async function outcomeOf(options: Options, step: Step, memory?: SiteMemory) {
  const messages: unknown[] = [];
  const say = (...message: unknown[]): void => void messages.push(message);
  const report = { warn: say, warnOfAll: say, tell: say, fail: say };
  const named = step.only === null ? null : new Set(step.only);
  const pages = [];
  for await (const { id, identity, read } of sitePages(options, report, undefined, named, memory)) {
    const { contentHash, format, host, locale, slugger, title, url, version } = identity;
    const is = { contentHash, format, host, locale, slugger, title, url, version };
    pages.push({ id, is, page: await read() });
  }
  return { pages, messages };
}

async function applied({ file, text }: Step, root: string): Promise<void> {
  const path = join(root, file);
  await mkdir(dirname(path), { recursive: true });
  await (text === null ? rm(path, { force: true }) : writeFile(path, text));
}

const addressed = async (options: Options, memory?: SiteMemory) => {
  const report = { warn: () => undefined, fail: () => undefined };
  const files = { ...options, isBuilt: true };
  const all = await surveySite(files, options, report, undefined, memory?.built);
  return all.map((file) => {
    const address = file.scan.canonical;
    return { ...file, scan: { ...file.scan, canonical: address && pathOf(address) } };
  });
};

const COUNT = 4;

test.each(SEEDS)("runs that remember the Markdown find what others find: seed %i", async (seed) => {
  let known = 0;
  for (const { value: steps } of casesOf(seed, COUNT, SOURCE)) {
    const site = await makeSite({ "index.md": "# Home" });
    const kept: Kept = { built: null, source: null };
    for (const step of steps) {
      await applied(step, site.root);
      const options: Options = { ...site, from: "source", site: null, ...step.settings };
      const found = await outcomeOf(options, step, memoryIn(kept));
      expect(found, JSON.stringify(steps)).toEqual(await outcomeOf(options, step));
      known += pagesFromStore(kept.source).length;
    }
  }
  expect(known).toBeGreaterThan(COUNT);
});

test.each(SEEDS)("runs that remember the HTML find what others find: seed %i", async (seed) => {
  for (const { value: steps } of casesOf(seed, COUNT, BUILT)) {
    const site = await makeSite({ "z.html": html("<p>Home.</p>") });
    const kept: Kept = { built: null, source: null };
    for (const step of steps) {
      await applied(step, site.root);
      const options: Options = {
        ...site,
        include: ["**/*.{html,htm}"],
        from: "html",
        site: site.root,
        ...step.settings,
      };
      const found = await outcomeOf(options, step, memoryIn(kept));
      expect(found, JSON.stringify(steps)).toEqual(await outcomeOf(options, step));
      // What `siterag verify` gets.
      const verified = await addressed(options, memoryIn(kept));
      expect(verified, JSON.stringify(steps)).toEqual(await addressed(options));
    }
    expect(kept.built).toContain('"file"');
  }
});
