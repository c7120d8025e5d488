import type { ContentOptions } from "../../src/content/page-of-file.ts";
import { sourcePages, type ReadReport } from "../../src/content/read-pages.ts";
import type { Page } from "../../src/words/types.ts";

/** The pages of a site, read whole; the parameters are those of `sourcePages`. */
export async function* readPages(
  content: ContentOptions,
  report: ReadReport,
  signal?: AbortSignal,
  only: ReadonlySet<string> | null = null,
): AsyncGenerator<Page> {
  for await (const { read } of sourcePages(content, report, signal, only)) {
    const page = await read();
    if (page !== null) yield page;
  }
}
