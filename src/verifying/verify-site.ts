import type { ResolvedConfig } from "../config/schema.ts";
import type { PageFacts } from "../html/page-facts.ts";
import { withReader } from "../store/index-reader.ts";
import { systemClock } from "../words/system-clock.ts";
import type { Clock, Logger } from "../words/types.ts";
import { judgeSite } from "./judge-site.ts";
import { keepFindings } from "./keep-findings.ts";
import { reportOf, type VerifyReport } from "./report.ts";
import { requireSite } from "./site-files.ts";

export interface VerifyOptions {
  readonly config: ResolvedConfig;
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Reads one built page. Default: the reading of siterag; tests count what is read. */
  readonly readPage?: (html: string) => Promise<PageFacts>;
}

/**
 * Compares the published index with the HTML of the built site, page by page, and corrects the addresses
 * that the site proves wrong, without a call. Throws USAGE if there is no built site, and INDEX_MISSING.
 */
export async function verifySite(options: VerifyOptions): Promise<VerifyReport> {
  const { clock = systemClock, config, logger, readPage = readFacts, signal } = options;
  const warn = (message: string): void => logger?.warn(message);
  // First, so that a wrong folder is named before the index is opened.
  await requireSite(config);
  const findings = await withReader(config.store, (reader) =>
    judgeSite({ reader, config, readPage, signal, warn }),
  );
  const kept = await keepFindings(findings, { config, clock, logger, signal });
  return reportOf(findings, kept, config.content);
}

/** Loads the parser of HTML with the first page that is parsed: of an unchanged site, none is. */
const readFacts = async (html: string): Promise<PageFacts> =>
  (await import("../html/page-facts.ts")).pageFacts(html);
