import type { SiteragConfig } from "../../providers/load-config.ts";
import type { Logger } from "../../words/types.ts";
import { loadSite, type HostSite } from "../host-site.ts";
import { startBuild, type SiteBuild } from "../site-build.ts";
import { startDev, type DevSite } from "../site-dev.ts";
import type { SiteResults } from "../site-results.ts";
import { siteOf, type DocusaurusContext } from "./context.ts";
import { foundInDocusaurus, rootOf } from "./found-site.ts";
import { hidePages } from "./hide-pages.ts";
import { writeRelated } from "./related-data.ts";
import type { SiteContent } from "./site-content.ts";
import { sitePart } from "./site-part.ts";

/** The work at a site, which Docusaurus loads once for a build, and again after each change in a dev server. */
export interface SiteWork {
  /** The newest; null: the site is built, or not loaded yet. */
  readonly dev: () => DevSite | null;
  /** Is called with what Docusaurus has loaded; returns what pages can show. */
  load(content: SiteContent): Promise<SiteResults>;
  /** What is left to do when the pages are written. */
  finish: SiteBuild["finish"];
}

/** What a plugin is asked to do. */
export interface SiteTask {
  readonly context: DocusaurusContext;
  readonly options: SiteragConfig;
  readonly logger: Logger;
  /** Where the links of pages are left for the bundler. */
  readonly folder: string;
}

/** The work of `docusaurus build`. */
export function buildWork(task: SiteTask): SiteWork {
  let build: SiteBuild | null = null;
  let hidden: SiteContent["hidden"] = [];
  const { context } = task;
  return {
    dev: () => null,
    async load(content) {
      ({ hidden } = content);
      build = await startBuild(await describe(task, content));
      await writeRelated(task.folder, build.results, content);
      return build.results;
    },
    async finish(built) {
      await hidePages({ hidden }, context, built.outDir);
      await build?.finish(built);
    },
  };
}

/** The work of `docusaurus start`. */
export function devWork(task: SiteTask): SiteWork {
  let dev: DevSite | null = null;
  let described = "";
  return {
    dev: () => dev,
    async load(content) {
      const site = await describe(task, content);
      const description = JSON.stringify([site.found, site.part]);
      // A page that has come or gone, or that has another address now, is known to Docusaurus alone.
      if (dev !== null && description === described) dev.changed();
      else {
        described = description;
        void dev?.close();
        const begun = await startDev(site);
        dev = begun;
        let { results } = begun;
        begun.onUpdate(() => {
          if (begun !== dev || begun.results === results) return;
          ({ results } = begun);
          writeRelated(task.folder, results, content).catch((error: unknown) =>
            task.logger.warn(`Related pages are not up to date: ${String(error)}`),
          );
        });
      }
      return dev.results;
    },
    finish: async () => undefined,
  };
}

/** The site as siterag is told of it. */
async function describe(
  { context, logger, options }: SiteTask,
  content: SiteContent,
): Promise<HostSite> {
  const site = siteOf(context, options, logger);
  const common = rootOf(context, content);
  const found = foundInDocusaurus(context, content, common);
  // The author may have chosen another root. If the configuration is wrong, the build says so later.
  const loaded = await loadSite({ ...site, found }).catch(() => null);
  const root = loaded?.config.content.root ?? common;
  return {
    ...site,
    found: root === common ? found : foundInDocusaurus(context, content, root),
    part: await sitePart(context, content),
  };
}
