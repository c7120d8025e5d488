import type { SiteragConfig } from "../../providers/load-config.ts";
import type { Logger } from "../../words/types.ts";
import { orWarn } from "../build-work.ts";
import { loadSite, type HostSite } from "../host-site.ts";
import { startBuild, type SiteBuild } from "../site-build.ts";
import { startDev, type DevSite } from "../site-dev.ts";
import type { SiteResults } from "../site-results.ts";
import { siteOf, type DocusaurusContext } from "./context.ts";
import { foundInDocusaurus, rootOf } from "./found-site.ts";
import { hidePages } from "./hide-pages.ts";
import { writeRelated } from "./related-data.ts";
import type { SiteContent } from "./site-content.ts";
import { localePart, sitePart } from "./site-part.ts";

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
  const { context, folder, logger } = task;
  return {
    dev: () => null,
    async load(content) {
      ({ hidden } = content);
      const part = await sitePart(context, content);
      build = await startBuild({ ...(await describe(task, content)), part });
      const { config, results } = build;
      if (config === null) return results;
      const writing = writeRelated(folder, results, content);
      await orWarn({ config, logger }, writing, WITHOUT_RELATED, null);
      return results;
    },
    async finish(built) {
      const { config = null } = build ?? {};
      if (config === null) return;
      const marking = hidePages({ hidden }, context, built.outDir).then(() => true);
      const areMarked = await orWarn({ config, logger }, marking, WITHOUT_MARKS, false);
      if (areMarked) await build?.finish(built);
    },
  };
}

const WITHOUT_RELATED = "Related pages are not up to date";
const WITHOUT_MARKS =
  "This build has no search: the pages that belong in no index cannot be marked";

/** A site in `docusaurus start`. */
interface Served {
  /** The newest. */
  dev: DevSite | null;
  /** What siterag was told of the site when `dev` began. */
  description: string;
  /** Ends when the site is loaded: the next load waits for it. */
  loading: Promise<unknown>;
}

/**
 * By the folder of the related pages. When its configuration has changed, Docusaurus makes another plugin, but its
 * bundler goes on to ask the first one.
 */
const sites = new Map<string, Served>();

/** The work of `docusaurus start`; `start` begins with a site. */
export function devWork(
  task: SiteTask,
  start: (site: HostSite) => Promise<DevSite> = startDev,
): SiteWork {
  const { context, folder, logger } = task;
  const served = sites.get(folder) ?? {
    dev: null,
    description: "",
    loading: Promise.resolve(),
  };
  sites.set(folder, served);
  async function load(content: SiteContent): Promise<SiteResults> {
    // Nothing is written here: a server that shows some versions alone takes vectors from the index of all.
    const site = { ...(await describe(task, content)), part: localePart(context) };
    const description = JSON.stringify([site.found, site.options, site.part]);
    // A page that has come or gone, or that has another address now, is known to Docusaurus alone.
    if (served.dev !== null && description === served.description) {
      served.dev.changed();
      return served.dev.results;
    }
    void served.dev?.close();
    const dev = await start(site);
    served.dev = dev;
    served.description = description;
    let { results } = dev;
    dev.onUpdate(() => {
      if (dev !== served.dev || dev.results === results) return;
      ({ results } = dev);
      writeRelated(folder, results, content).catch((error: unknown) =>
        logger.warn(`${WITHOUT_RELATED}: ${String(error)}`),
      );
    });
    return dev.results;
  }
  return {
    dev: () => served.dev,
    load(content) {
      const loaded = served.loading.then(() => load(content));
      served.loading = loaded.catch(() => undefined);
      return loaded;
    },
    finish: async () => undefined,
  };
}

/** The site as siterag is told of it. */
async function describe(
  { context, logger, options }: SiteTask,
  content: SiteContent,
): Promise<Omit<HostSite, "part">> {
  const site = siteOf(context, options, logger);
  const common = rootOf(context, content);
  const found = foundInDocusaurus(context, content, common);
  // The author may have chosen another root. If the configuration is wrong, the build says so later.
  const loaded = await loadSite({ ...site, found }).catch(() => null);
  const root = loaded?.config.content.root ?? common;
  return {
    ...site,
    found: root === common ? found : foundInDocusaurus(context, content, root),
  };
}
