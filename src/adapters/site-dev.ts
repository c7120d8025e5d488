import type { ResolvedConfig } from "../config/schema.ts";
import { collectMessages } from "../indexing/messages.ts";
import { SiteInMemory } from "../indexing/site-in-memory.ts";
import { createClient } from "../providers/create-client.ts";
import { hasVectors } from "../words/embedding-space.ts";
import { toError } from "../words/errors.ts";
import { safeLogger } from "../words/safe-message.ts";
import { systemClock } from "../words/system-clock.ts";
import type { Clock, Logger } from "../words/types.ts";
import { loadSite, type HostSite } from "./host-site.ts";
import { quietUpdates } from "./quiet-updates.ts";
import { NO_RESULTS, type SiteResults } from "./site-results.ts";

/** A site in its host's dev server. All of it is in memory: it takes no lock and writes nothing to the store. */
export interface DevSite {
  /** What pages can show: the newest. */
  readonly results: SiteResults;
  /** The absolute folder that pages are read from; null: siterag is off. */
  readonly folder: string | null;
  /** A file of `<base>siterag/`; null: there is none of that name. Waits for the first reading of the site. */
  file(name: string): Promise<Uint8Array | null>;
  /** Reads the site again, soon: calls in quick succession are one. Edited pages alone are parsed. */
  changed(): void;
  /** `listener` is called after each update. */
  onUpdate(listener: () => void): void;
  close(): Promise<void>;
}

/** How long no file must have changed before the site is read again: editors write several at once. */
const QUIET_MS = 150;

/**
 * Begins with a site in a dev server, and returns before the site is read. Never throws: a wrong
 * configuration is a warning, and the server goes on without siterag.
 */
export async function startDev(site: HostSite, clock: Clock = systemClock): Promise<DevSite> {
  const logger = safeLogger(site.logger);
  try {
    const loaded = await loadSite({ ...site, logger });
    return loaded === null ? NO_DEV_SITE : openDevSite(loaded.config, logger, clock);
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

function openDevSite(config: ResolvedConfig, logger: Logger, clock: Clock): DevSite {
  const { space } = createClient(config);
  const model = hasVectors(space) ? space.model : null;
  const pages = new SiteInMemory({ config, space, correctionsOf: () => null });
  const closing = new AbortController();
  const listeners: (() => void)[] = [];
  const warner = warnerOfNew(logger);
  const { baseUrl } = config.content;
  const { related, search } = config.build;
  const results = { ...NO_RESULTS, baseUrl, related, search };
  let files: ReadonlyMap<string, Uint8Array> = new Map();
  const update = async (): Promise<void> => {
    try {
      await pages.read(collectMessages(warner.next()), closing.signal);
      const made = await pages.readersIndex({ provider: space.provider, model });
      files = new Map([...made.files, made.manifest].map(({ name, bytes }) => [name, bytes]));
      listeners.forEach((listener) => listener());
    } catch (error) {
      if (!closing.signal.aborted)
        logger.warn(`The search was not updated: ${toError(error).message}`);
    }
  };
  const updates = quietUpdates(update, clock, QUIET_MS, closing.signal);
  const read = updates.settled();
  return {
    results,
    folder: config.content.root,
    async file(name) {
      await read;
      return files.get(name) ?? null;
    },
    changed: updates.ask,
    onUpdate: (listener) => void listeners.push(listener),
    async close() {
      closing.abort();
      await updates.settled();
    },
  };
}

/** Warns of what the reading before did not warn of. */
function warnerOfNew(logger: Logger): { next(): Logger } {
  let told: ReadonlySet<string> = new Set();
  return {
    next() {
      const before = told;
      const now = new Set<string>();
      told = now;
      return {
        info: (line) => logger.info(line),
        warn(line) {
          if (!before.has(line) && !now.has(line)) logger.warn(line);
          now.add(line);
        },
      };
    },
  };
}
