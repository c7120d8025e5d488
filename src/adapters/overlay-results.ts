import type { EmbeddingClient } from "../embedding/client.ts";
import type { IndexInMemory } from "../indexing/site-in-memory.ts";
import { byName } from "../publishing/name-files.ts";
import type { SiteOverlay } from "../indexing/site-overlay.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import { CHUNK_SECTIONS } from "../searching/chunk-sections.ts";
import { answersInMemory, relatedInMemory } from "../searching/results-in-memory.ts";
import type { Clock } from "../words/types.ts";
import { listLength, type SiteResults } from "./site-results.ts";

interface OverlayWork {
  readonly client: EmbeddingClient;
  readonly clock: Clock;
  readonly config: ResolvedConfig;
}

/**
 * The related pages and the answers of a site in memory, from vectors that are stored. `before`: the lists as they
 * were before some pages were touched; `index`: what readers search.
 */
export async function overlayResults(
  overlay: SiteOverlay,
  before: SiteResults["pages"],
  touched: ReadonlySet<string>,
  index: IndexInMemory,
  work: OverlayWork,
): Promise<Pick<SiteResults, "pages" | "answers">> {
  await overlay.updateRows(touched);
  const pages = await relatedInMemory(overlay.index, before, touched, listLength(work.config));
  if (work.config.search.queries.length === 0) return { pages, answers: [] };
  const files = new Map([...byName(index.files), [CHUNK_SECTIONS, index.chunkSections]]);
  const source = { read: async (name: string) => files.get(name) ?? null };
  return { pages, answers: await answersInMemory(overlay.index, source, work) };
}
