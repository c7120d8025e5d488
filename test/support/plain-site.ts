import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { interfaceFiles } from "../../src/publishing/interface-files.ts";
import { makeReadersIndex } from "../../src/publishing/make-readers-index.ts";
import { serveFolder } from "./static-server.ts";

/** A page of a site without a generator. */
export interface PlainPage {
  /** URL path below the base: `guide/`. */
  readonly path: string;
  readonly title: string;
  readonly locale?: string;
  readonly version?: string;
  /** Text before the first heading, then headings with their texts. */
  readonly sections: readonly {
    readonly id?: string;
    readonly heading?: string;
    readonly text: string;
  }[];
}

/** A served site of plain pages, whose policy allows its own files alone. */
export interface PlainSite {
  /** With the base path. */
  readonly url: string;
  readonly folder: string;
  readonly close: () => Promise<void>;
}

const CSS = `:root { color-scheme: light dark; font-family: sans-serif; background: canvas; color: canvastext; }
header { display: flex; gap: 1rem; padding: 0.5rem; }
siterag-search { display: inline-block; inline-size: 14rem; block-size: 2.5rem; margin-inline-start: auto; }
siterag-search-page:not(:defined) { display: block; block-size: 6rem; }
a { color: inherit; }
pre { white-space: pre-wrap; }
@media (width < 40rem) { siterag-search { inline-size: 2.5rem; } }`;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** How a page shows the search. */
export interface PlainLook {
  readonly dir?: "ltr" | "rtl";
  /** Attributes of the element. */
  readonly attributes?: Readonly<Record<string, string>>;
}

const BASE = "/base/";

function htmlOf(page: PlainPage, { attributes = {}, dir = "ltr" }: PlainLook = {}): string {
  const given = { page: `${BASE}search/`, ...attributes };
  const written = Object.entries(given).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const body = page.sections.map(({ heading = "", id = "", text }) =>
    heading === ""
      ? `<p>${escaped(text)}</p>`
      : `<h2 id="${id}">${escaped(heading)}</h2>\n<p>${escaped(text)}</p>`,
  );
  const search =
    page.path === "search/" ? "<siterag-search-page></siterag-search-page>" : body.join("\n");
  return `<!doctype html>
<html lang="${page.locale ?? "en"}" dir="${dir}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'">
<title>${escaped(page.title)}</title>
<link rel="icon" href="${BASE}icon.svg">
<link rel="stylesheet" href="${BASE}page.css">
<script type="module" src="${BASE}siterag/search.js"></script>
<header><a href="${BASE}">Home</a> <input aria-label="Name"> <siterag-search${written.join("")}></siterag-search></header>
<main><h1>${escaped(page.title)}</h1>
${search}
<p>${"Further words below the sections. ".repeat(200)}</p></main>
</html>`;
}

/** Publishes pages with their index and the scripts of the search box, and serves them below `/base/`. */
export async function plainSite(
  pages: readonly PlainPage[],
  looks: Readonly<Record<string, PlainLook>> = {},
): Promise<PlainSite> {
  const folder = await mkdtemp(join(tmpdir(), "siterag-plain-"));
  const put = async (path: string, content: string | Uint8Array): Promise<void> => {
    await mkdir(dirname(join(folder, BASE, path)), { recursive: true });
    await writeFile(join(folder, BASE, path), content);
  };
  const sections = pages.flatMap(({ locale = null, path, title, version = null, sections: own }) =>
    own.map(({ heading = null, id, text }) => ({
      page: `${path}index.md`,
      url: `${BASE}${path}${id === undefined ? "" : `#${id}`}`,
      title,
      heading,
      trail: heading === null ? [] : [title],
      text,
      locale,
      version,
    })),
  );
  const index = await makeReadersIndex(sections, { provider: "none", model: null });
  for (const { bytes, name } of [...index.files, index.manifest, ...(await interfaceFiles())])
    await put(`siterag/${name}`, bytes);
  await put("page.css", CSS);
  await put("icon.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const searchPage = { path: "search/", title: "Search", sections: [] };
  for (const page of [...pages, searchPage]) await put(`${page.path}index.html`, htmlOf(page));
  for (const [name, look] of Object.entries(looks)) {
    const [home] = pages;
    if (home !== undefined) await put(`${name}/index.html`, htmlOf(home, look));
  }
  const server = await serveFolder(folder);
  return {
    url: server.origin + BASE,
    folder: join(folder, BASE),
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
