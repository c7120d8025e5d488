import type { SiteragConfig } from "../../providers/load-config.ts";
import { filesOf, folderBelow, type Handler } from "../serve-files.ts";
import type { EleventyConfig } from "./config.ts";
import { hidePages } from "./hide-pages.ts";
import { STYLE_SHEET } from "./markup.ts";
import { addParts } from "./parts.ts";
import { SiteWork } from "./site-work.ts";
import { styleSheet } from "./style-sheet.ts";

/**
 * A plugin for Eleventy: `eleventyConfig.addPlugin(siterag)`. Indexes the pages when they are built, writes the
 * search beside them, and searches them with `--serve` too. `options` win over the configuration file.
 */
export default function siterag(eleventy: EleventyConfig, options: SiteragConfig = {}): void {
  const work = new SiteWork(eleventy, options, hidePages(eleventy));
  addParts(eleventy, () => work.results, work.shows);
  eleventy.setServerOptions({ middleware: [middleware(folderBelow(eleventy.pathPrefix), work)] });
}

/** The newest work: a server that reads its configuration again begins another one. */
let newest: Pick<SiteWork, "file"> | null = null;

const handlers = new Map<string, Handler>();

/** Middleware that serves a folder. Always the same: with another one, Eleventy would start its server again. */
function middleware(folder: string, work: Pick<SiteWork, "file">): Handler {
  newest = work;
  const file = async (name: string): Promise<Uint8Array | null> =>
    name === STYLE_SHEET ? styleSheet() : ((await newest?.file(name)) ?? null);
  const handler = handlers.get(folder) ?? filesOf({ file }, folder);
  handlers.set(folder, handler);
  return handler;
}

Object.defineProperties(siterag, {
  eleventyPackage: { value: "siterag/eleventy" },
  // Added twice, it would index twice.
  eleventyPluginOptions: { value: { unique: true } },
});
