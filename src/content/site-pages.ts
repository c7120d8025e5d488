import { builtPages } from "./built-pages.ts";
import type { PageMemory } from "./known-pages.ts";
import { pageFiles, type PageSources } from "./page-files.ts";
import type { ContentOptions } from "./page-of-file.ts";
import type { SitePage } from "./site-page.ts";
import type { SurveyMemory } from "./survey-site.ts";
import { sourcePages, type ReadReport } from "./read-pages.ts";

/** What an earlier run has found in the files of a site. */
export interface SiteMemory {
  readonly built: SurveyMemory;
  readonly source: PageMemory;
}

/**
 * Streams the pages of a site in the byte order of their ids: from the source or from the built site, as
 * the settings say. Options, reports and errors are those of `sourcePages`.
 */
export const sitePages = (
  content: ContentOptions & PageSources,
  report: ReadReport,
  signal?: AbortSignal,
  only: ReadonlySet<string> | null = null,
  memory?: SiteMemory,
): AsyncGenerator<SitePage> =>
  content.from === "html"
    ? builtPages(pageFiles(content), content, report, signal, only, memory?.built)
    : sourcePages(content, report, signal, only, memory?.source);
