import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { createClient } from "../providers/create-client.ts";
import { interfaceFiles } from "../publishing/interface-files.ts";
import { toError } from "../words/errors.ts";
import { safeLogger } from "../words/safe-message.ts";
import { systemClock } from "../words/system-clock.ts";
import type { Clock, Logger } from "../words/types.ts";
import { DevWork, type Files } from "./dev-work.ts";
import { loadSite, type HostSite } from "./host-site.ts";
import { emptyResults, NO_RESULTS, type SiteResults } from "./site-results.ts";

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

/** What tests give. */
export interface DevOptions {
  readonly clock?: Clock;
  /** Default: the one that the configuration names. */
  readonly client?: EmbeddingClient;
}

/**
 * Begins with a site in a dev server, and returns before the site is read. Never throws: a wrong
 * configuration is a warning, and the server goes on without siterag.
 */
export async function startDev(site: HostSite, options: DevOptions = {}): Promise<DevSite> {
  const logger = safeLogger(site.logger);
  try {
    const loaded = await loadSite({ ...site, logger });
    return loaded === null ? NO_DEV_SITE : openDevSite(loaded.config, logger, options);
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

function openDevSite(
  config: ResolvedConfig,
  logger: Logger,
  { client = createClient(config), clock = systemClock }: DevOptions,
): DevSite {
  const listeners: (() => void)[] = [];
  const tell = (): void => listeners.forEach((listener) => listener());
  const scripts = scriptsFor(logger);
  let files: Files = new Map();
  let results = emptyResults(config);
  const work = new DevWork({
    config,
    client,
    logger,
    clock,
    onFiles(newest) {
      files = newest;
      tell();
    },
    onResults(newest) {
      results = newest;
      tell();
    },
  });
  const firstRead = work.isRead();
  return {
    get results() {
      return results;
    },
    folder: config.content.root,
    async file(name) {
      const script = (await scripts).get(name);
      if (script !== undefined) return script;
      await firstRead;
      return files.get(name) ?? null;
    },
    changed: work.changed,
    onUpdate: (listener) => void listeners.push(listener),
    close: () => work.close(),
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
