import { corrected, uncorrected } from "../chunking/correct-chunk.ts";
import { hasVectors } from "../words/embedding-space.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import { publishRows } from "../publishing/publish-rows.ts";
import type { PublishedIndex } from "../store/meta.ts";
import { withWriter, type StoreWriter } from "../store/open-store.ts";
import { SiteragError } from "../words/errors.ts";
import type { Clock, Logger } from "../words/types.ts";
import type { SiteFindings } from "./judge-site.ts";
import type { Finding } from "./site-judge.ts";

interface KeepOptions {
  readonly config: ResolvedConfig;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly logger: Logger | undefined;
}

/** Why a store could not be written; any other failure is thrown. */
const NOT_WRITABLE: ReadonlySet<string> = new Set(["STORE_LOCKED", "STORE_FAILED"]);

/**
 * Stores verdicts and corrections, and publishes the corrected rows. Makes no call, and does not open the
 * store for writing if there is nothing new. Returns why nothing was stored; null: all is.
 */
export async function keepFindings(
  findings: SiteFindings,
  { config, clock, logger, signal }: KeepOptions,
): Promise<string | null> {
  const { published, records } = findings;
  if (!findings.isComplete) return OVERTAKEN;
  if (records.length === 0) return null;
  const { space } = published;
  try {
    return await withWriter({ target: config.store, space, clock, signal, logger }, (store) =>
      write(store, findings, clock),
    );
  } catch (error) {
    if (error instanceof SiteragError && NOT_WRITABLE.has(error.code)) return error.message;
    throw error;
  }
}

const OVERTAKEN =
  "Another run has written to the index since it was published, or was interrupted while it did. Run `siterag index`, then verify again.";

/** Rows first: a run that dies in between leaves an index that the next `siterag index` makes anew. */
async function write(store: StoreWriter, findings: SiteFindings, clock: Clock) {
  const { published, pages, records, scans } = findings;
  if ((await store.chunks.untouched())?.version !== published.version) return OVERTAKEN;
  const changed = pages.filter(isCorrected);
  for (let at = 0; at < changed.length; at += GROUP_SIZE) {
    await correctRows(store, changed.slice(at, at + GROUP_SIZE));
  }
  await store.pages.write(records, []);
  await store.knownFiles.write("built", scans);
  if (changed.length > 0) await publish(store, published, clock);
  return null;
}

/** Whether other corrections hold for a page than those that the published index has. */
export const isCorrected = ({ before, corrections }: Finding): boolean =>
  JSON.stringify(before) !== JSON.stringify(corrections);

/** Pages whose rows are written in one commit. */
const GROUP_SIZE = 32;

async function correctRows({ chunks, space }: StoreWriter, pages: readonly Finding[]) {
  const byPage = new Map(pages.map((one) => [one.page, one]));
  const rows = await chunks.rowsOf([...byPage.keys()]);
  const vectors = hasVectors(space) ? await chunks.vectorsOf(rows.map(({ id }) => id)) : new Map();
  const now = rows.map((row) => {
    const { before = null, corrections = null } = byPage.get(row.page) ?? {};
    const chunk = corrected(uncorrected(row, before), corrections);
    return { ...chunk, vector: vectors.get(row.id) ?? null };
  });
  await chunks.write(now, []);
}

function publish(store: StoreWriter, published: PublishedIndex, clock: Clock) {
  const { pages, contextModel, allReadAt } = published;
  const publishedAt = new Date(clock.now()).toISOString();
  const state = { pages, contextModel, allReadAt, publishedAt };
  return publishRows(store, state, { removesText: false });
}
