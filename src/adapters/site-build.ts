import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { createClient } from "../providers/create-client.ts";
import { safeLogger } from "../words/safe-message.ts";
import { finishBuild } from "./finish-build.ts";
import { loadSite, type HostSite } from "./host-site.ts";
import { siteResults, type SiteResults } from "./site-results.ts";

/** A build of a site, from before it renders its pages until it has written them. */
export interface SiteBuild {
  /** Null: siterag is off (`SITERAG=off`). */
  readonly config: ResolvedConfig | null;
  /** What pages can show: plain data. */
  readonly results: SiteResults;
  /**
   * What is left to do when the host has written its HTML into `outDir`, an absolute folder: reads it if
   * `content.from` says so, else compares the index with it; writes the readers' index to `<outDir>/siterag`.
   */
  finish(built: { readonly outDir: string }): Promise<void>;
}

/**
 * Begins a build: indexes the site, finds related pages, answers the listed queries. If something fails,
 * it warns and goes on with what there is. Throws if the configuration is wrong.
 * @param client default: the one that the configuration names
 */
export async function startBuild(site: HostSite, client?: EmbeddingClient): Promise<SiteBuild> {
  const logger = safeLogger(site.logger);
  const { config } = await loadSite({ ...site, logger });
  const work = { config, client: client ?? createClient(config), logger };
  const results = await siteResults(work);
  return { config, results, finish: ({ outDir }) => finishBuild(work, outDir) };
}
