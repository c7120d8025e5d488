import { resolve } from "node:path";
import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { chosenPaths, type Globs } from "../content/chosen-paths.ts";
import { chosenRoutes } from "../content/page-routes.ts";
import { createClient } from "../providers/create-client.ts";
import type { SiteragConfig } from "../providers/load-config.ts";
import { relatedOfAll } from "../searching/related.ts";
import { safeLogger } from "../words/safe-message.ts";
import { orWarn } from "./build-work.ts";
import { finishBuild, type BuiltSite } from "./finish-build.ts";
import { keepHostOptions } from "./host-options.ts";
import { loadSite, mainIndex, type HostSite } from "./host-site.ts";
import {
  emptyResults,
  listLength,
  NO_RESULTS,
  siteResults,
  type SiteResults,
} from "./site-results.ts";
import { hasIndex, updateIndex } from "./update-index.ts";

/** A build of a site, from before it renders its pages until it has written them. */
export interface SiteBuild {
  /** Null: siterag is off (`SITERAG=off`). */
  readonly config: ResolvedConfig | null;
  /** What pages can show: plain data. */
  readonly results: SiteResults;
  /**
   * What is left to do when the host has written its HTML into `outDir`: reads it if
   * `content.from` says so, else compares the index with it; writes the readers' index to `<outDir>/siterag`.
   */
  finish(built: BuiltSite): Promise<void>;
}

/**
 * Begins a build: indexes the site, finds related pages, answers the listed queries. If something fails,
 * it warns and goes on with what there is. Throws if the configuration is wrong, and on every failure if
 * `build.strict` is set. Both halves leave a measure in the host's process: profiles show what siterag takes.
 * @param client default: the one that the configuration names
 */
export async function startBuild(site: HostSite, client?: EmbeddingClient): Promise<SiteBuild> {
  const start = performance.now();
  const logger = safeLogger(site.logger);
  const loaded = await loadSite({ ...site, logger });
  if (loaded === null) return OFF;
  const { config, directory } = loaded;
  const work = { config, directory, client: client ?? createClient(config), logger };
  const found = withoutOthers(site.found, config);
  const keep = async (content: SiteragConfig["content"] = {}): Promise<void> => {
    const options = await optionsToKeep(site, config);
    if (options === null) return;
    const kept = {
      ...site,
      options,
      found: { ...found, content: { ...found.content, ...content } },
    };
    await orWarn(work, keepHostOptions(kept, directory), WITHOUT_OPTIONS, null);
  };
  const isBuiltFirst = config.content.from === "html";
  // A host may turn out to write no pages.
  if (!isBuiltFirst) await keep();
  const state = isBuiltFirst
    ? { isThere: await hasIndex(work), instead: null, isPending: false }
    : await updateIndex(work);
  if (isBuiltFirst) logger.info(state.isThere ? FROM_LAST_INDEX : FROM_NO_INDEX);
  const results = state.isThere
    ? await siteResults(work, state)
    : (state.instead?.results ?? emptyResults(config));
  performance.measure("siterag before pages", { start });
  return {
    config,
    results,
    async finish(built) {
      const startAfter = performance.now();
      const { leftBehind, outDir } = built;
      // Some adapters of Astro give the pages of a static site a folder below its own.
      const isElsewhere = resolve(site.root, found.content?.site ?? outDir) !== resolve(outDir);
      if (isBuiltFirst || isElsewhere || leftBehind !== undefined)
        await keep({ site: outDir, ...(leftBehind === undefined ? {} : { leftBehind }) });
      await finishBuild(work, state, built);
      performance.measure("siterag after pages", { start: startAfter });
    },
  };
}

/**
 * Related pages of the last index, for a run that reads no page, makes no call and writes nothing. Throws if the
 * configuration is wrong.
 */
export async function lastResults(site: HostSite): Promise<SiteResults> {
  const logger = safeLogger(site.logger);
  const loaded = await loadSite({ ...site, logger });
  if (loaded === null) return NO_RESULTS;
  const { config } = loaded;
  if (!(await hasIndex({ config }))) return emptyResults(config);
  const finding = relatedOfAll(config.store, listLength(config));
  const pages = await orWarn({ config, logger }, finding, "There are no related pages", []);
  return { ...emptyResults(config), pages };
}

/**
 * The options that the command line gets: it asks the index of the main part, or of the latest part while the site
 * has no other. Null: those that it has are the right ones.
 */
async function optionsToKeep(
  { options, part }: HostSite,
  config: ResolvedConfig,
): Promise<SiteragConfig | null> {
  if (part === undefined) return options;
  const { index } = config.store;
  const store = { ...config.store, index: mainIndex(index, part) };
  if (await hasIndex({ config: { ...config, store } })) return null;
  return { ...options, store: { ...options.store, index } };
}

/** What a host says, without the text and the names of pages that the author leaves out. */
function withoutOthers(found: SiteragConfig, { content }: ResolvedConfig): SiteragConfig {
  const { pages, routes } = found.content ?? {};
  return {
    ...found,
    content: {
      ...found.content,
      ...(routes === undefined ? {} : { routes: chosenRoutes(content) }),
      ...(pages === undefined ? {} : { pages: chosenPages(pages, content) }),
    },
  };
}

function chosenPages(pages: Readonly<Record<string, string>>, globs: Globs): typeof pages {
  const chosen = new Set(chosenPaths(Object.keys(pages), globs));
  return Object.fromEntries(Object.entries(pages).filter(([id]) => chosen.has(id)));
}

const OFF: SiteBuild = { config: null, results: NO_RESULTS, finish: async () => undefined };

const WITHOUT_OPTIONS = "The build goes on without it";

const FROM_LAST_INDEX =
  'content.from is "html", so siterag reads the pages when they are built: until then, related pages and answers come from the last index';
const FROM_NO_INDEX =
  'content.from is "html", so siterag reads the pages when they are built: the next build has related pages and answers';
