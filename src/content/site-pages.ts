import { builtPages } from "./built-pages.ts";
import { pageFiles, type PageSources } from "./page-files.ts";
import type { ContentOptions } from "./page-of-file.ts";
import type { SitePage } from "./site-page.ts";
import { readPages, type ReadReport } from "./read-pages.ts";

/**
 * Streams the pages of a site in the byte order of their ids: from the source or from the built site, as
 * the settings say. Options, reports and errors are those of `readPages`.
 */
export async function* sitePages(
  content: ContentOptions & PageSources,
  report: ReadReport,
  signal?: AbortSignal,
  only: ReadonlySet<string> | null = null,
): AsyncGenerator<SitePage> {
  if (content.from === "html") {
    yield* builtPages(pageFiles(content), content, report, signal, only);
    return;
  }
  for await (const page of readPages(content, report, signal, only)) {
    yield { id: page.id, identity: page, read: () => Promise.resolve(page) };
  }
}
