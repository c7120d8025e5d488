import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { chunkPage } from "../../src/chunking/chunk-page.ts";
import type { ResolvedConfig } from "../../src/config/schema.ts";
import type { ReadReport } from "../../src/content/read-pages.ts";
import { readPages } from "../../test/support/read-pages.ts";
import { configSchema } from "../../src/providers/load-config.ts";
import type { IndexedSection } from "../../src/ranking/section.ts";
import type { Page } from "../../src/words/types.ts";

const SETS = z.record(z.string(), z.record(z.string(), z.unknown()));
const QUESTIONS = z.array(
  z.object({
    set: z.string(),
    query: z.string(),
    kind: z.string(),
    pages: z.array(z.string()),
    anchor: z.string().nullable(),
  }),
);

/** A question that somebody asked, and the pages that answer it: a search is right if it finds one. */
export type Question = z.infer<typeof QUESTIONS>[number];

/** Documentation with its questions. */
export interface DocsSet {
  readonly name: string;
  /** What siterag's configuration says of it. */
  readonly content: ResolvedConfig["content"];
  readonly sections: readonly IndexedSection[];
  readonly questions: readonly Question[];
}

const QUIET: ReadReport = { warn() {}, warnOfAll() {}, tell() {}, fail() {} };

/** One chunk is the whole page, so that no section is cut. */
const WHOLE_PAGES = { maxTokens: 1e9, overlapTokens: 0 };

/**
 * Reads folders of Markdown: those that a `sets.json` in the folder names with their settings, or the
 * folder itself. Questions name a set by its folder.
 */
export async function readSets(
  folders: readonly string[],
  questionsFile: string,
): Promise<DocsSet[]> {
  const questions = QUESTIONS.parse(JSON.parse(readFileSync(questionsFile, "utf8")));
  const sets: DocsSet[] = [];
  for (const [root, settings] of folders.flatMap(rootsIn)) {
    const { content } = configSchema.parse({ content: { root, ...settings } });
    const name = basename(root);
    const its = questions.filter(({ set }) => set === name);
    sets.push({ name, content, sections: await sectionsOf(content), questions: its });
  }
  return sets;
}

function rootsIn(folder: string): (readonly [string, Readonly<Record<string, unknown>>])[] {
  const list = join(folder, "sets.json");
  if (!existsSync(list)) return [[resolve(folder), {}]];
  const sets = SETS.parse(JSON.parse(readFileSync(list, "utf8")));
  return Object.entries(sets).map(([name, settings]) => [resolve(folder, name), settings]);
}

async function sectionsOf(content: ResolvedConfig["content"]): Promise<IndexedSection[]> {
  const pages: Page[] = [];
  for await (const page of readPages(content, QUIET)) pages.push(page);
  return pages.sort((one, other) => (one.id < other.id ? -1 : 1)).flatMap(sectionsOfPage);
}

const sectionsOfPage = (page: Page): IndexedSection[] =>
  chunkPage(page, WHOLE_PAGES).flatMap(({ sections, text, title }) =>
    sections.map(({ anchor, heading, offset, trail }, at) => {
      const own = text.slice(offset, sections[at + 1]?.offset);
      return {
        page: page.id,
        url: anchor === null ? page.url : `${page.url}#${anchor}`,
        title,
        heading,
        trail,
        text: heading === null ? own : own.replace(/^#{1,6} .*\n?/u, ""),
        locale: page.locale,
        version: page.version,
      };
    }),
  );
