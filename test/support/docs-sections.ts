import { chunkPage } from "../../src/chunking/chunk-page.ts";
import type { ReadReport } from "../../src/content/read-pages.ts";
import { readPages } from "./read-pages.ts";
import { configSchema } from "../../src/providers/load-config.ts";
import { sectionsOfPage } from "../../src/publishing/page-sections.ts";
import type { IndexedSection } from "../../src/ranking/section.ts";

const QUIET: ReadReport = { warn() {}, warnOfAll() {}, tell() {}, fail() {} };
const CHUNKING = { maxTokens: 512, overlapTokens: 0 };

/** The sections of a folder of Markdown as an index has them: pages by id. */
export async function docsSections(content: object): Promise<IndexedSection[]> {
  const config = configSchema.parse({ content });
  const pages = await Array.fromAsync(readPages(config.content, QUIET));
  return pages
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .flatMap((page) =>
      sectionsOfPage(
        chunkPage(page, CHUNKING).map((chunk) => ({
          ...chunk,
          locale: page.locale,
          version: page.version,
        })),
      ).map(({ section }) => section),
    );
}
