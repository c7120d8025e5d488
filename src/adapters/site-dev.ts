import type { ResolvedConfig } from "../config/schema.ts";
import { interfaceFiles } from "../publishing/interface-files.ts";
import { toError } from "../words/errors.ts";
import { safeLogger } from "../words/safe-message.ts";
import type { Logger } from "../words/types.ts";
import type { DevListener, DevWork, Files } from "./dev-work.ts";
import { loadSite, type HostSite } from "./host-site.ts";
import { emptyResults, NO_RESULTS, type SiteResults } from "./site-results.ts";
import { workInThread } from "./work-in-thread.ts";

/** A site in its host's dev server, in memory. */
export interface DevSite {
  /** What pages can show: the newest. */
  readonly results: SiteResults;
  /** The absolute folder that pages are read from; null: siterag is off. */
  readonly folder: string | null;
  /** A file of `<base>siterag/`; null: there is none of that name. Waits for the first reading of the site. */
  file(name: string): Promise<Uint8Array | null>;
  /** Reads the site again, soon: calls in quick succession are one. Edited pages alone are parsed. */
  changed(): void;
  /** `listener` is called each time that the site was read or the results have changed. */
  onUpdate(listener: () => void): void;
  close(): Promise<void>;
}

/** Begins the work; `config` is what the site's configuration says. */
type BeginWork = (listener: DevListener, config: ResolvedConfig) => DevWork;

/**
 * Begins with a site in a dev server, and returns before the site is read. Never throws: a wrong
 * configuration is a warning, and the server goes on without siterag.
 * @param begin default: the work is done in a thread of its own
 */
export async function startDev(
  site: HostSite,
  begin: BeginWork = (listener) => workInThread(site, listener),
): Promise<DevSite> {
  const logger = safeLogger(site.logger);
  try {
    const loaded = await loadSite({ ...site, logger });
    return loaded === null ? NO_DEV_SITE : openDevSite(loaded.config, logger, begin);
  } catch (error) {
    logger.warn(`This server has no search: ${toError(error).message}`);
    return NO_DEV_SITE;
  }
}

const NO_DEV_SITE: DevSite = {
  results: NO_RESULTS,
  folder: null,
  file: () => Promise.resolve(null),
  changed: () => undefined,
  onUpdate: () => undefined,
  close: () => Promise.resolve(),
};

function openDevSite(config: ResolvedConfig, logger: Logger, begin: BeginWork): DevSite {
  const listeners: (() => void)[] = [];
  const tell = (): void => listeners.forEach((listener) => listener());
  const scripts = scriptsFor(logger);
  const { promise: isRead, resolve: haveRead } = Promise.withResolvers<void>();
  let files: Files = new Map();
  let results = emptyResults(config);
  const listener = {
    logger,
    onFiles(newest: Files) {
      files = newest;
      haveRead();
      tell();
    },
    onResults(newest: SiteResults) {
      results = newest;
      tell();
    },
  };
  const work = begin(listener, config);
  return {
    get results() {
      return results;
    },
    folder: config.content.root,
    async file(name) {
      const script = (await scripts).get(name);
      if (script !== undefined) return script;
      await isRead;
      return files.get(name) ?? null;
    },
    changed: work.changed,
    onUpdate: (added) => void listeners.push(added),
    close: work.close,
  };
}

/** The scripts of the search box. Without them the index can still be asked. */
const scriptsFor = (logger: Logger): Promise<Files> =>
  interfaceFiles().then(
    (all) => new Map(all.map(({ name, bytes }) => [name, bytes])),
    (error: unknown) => {
      logger.warn(toError(error).message);
      return new Map();
    },
  );
