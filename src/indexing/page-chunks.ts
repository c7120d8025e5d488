import { corrected } from "../chunking/correct-chunk.ts";
import { chunkEmbeddingText } from "../chunking/embedding-input.ts";
import { CHUNKER_VERSION, HTML_PARSERS, PARSERS } from "../chunking/version.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import type { SitePage } from "../content/site-page.ts";
import { contextSpace } from "../generation/context-prompt.ts";
import type { FingerprintedChunk } from "../planning/diff.ts";
import { fingerprintOf, pageKey } from "../planning/fingerprint.ts";
import type { Corrections } from "../words/corrections.ts";
import type { EmbeddingSpace, Page } from "../words/types.ts";

/** How pages become chunks. */
export interface ChunkingSettings {
  readonly chunking: ResolvedConfig["chunking"];
  /** The space in fingerprints, which differs where texts are embedded with context. */
  readonly space: EmbeddingSpace;
}

/** The space of the fingerprints of texts; `model` writes their sentences of context, null: they have none. */
export const spaceOfTexts = (space: EmbeddingSpace, model: string | null): EmbeddingSpace =>
  model === null ? space : contextSpace(space, model);

/** A page with an unchanged key has unchanged chunks, and is not parsed again. */
export function keyOfPage({ identity }: SitePage, { chunking, space }: ChunkingSettings): string {
  const parsers = identity.format === "html" ? HTML_PARSERS : PARSERS;
  return pageKey(identity, { ...chunking, space, chunkerVersion: CHUNKER_VERSION, parsers });
}

/** A chunk of a page as it goes into the index. */
export interface PlacedChunk extends FingerprintedChunk {
  /** Length of the embedding input as UTF-8. */
  readonly bytes: number;
}

/** The chunks of a page, in its order, with the addresses that the built site has. */
export async function chunksOfPage(
  page: Page,
  corrections: Corrections | null,
  { chunking, space }: ChunkingSettings,
  warn: (message: string) => void,
): Promise<PlacedChunk[]> {
  // Loads the parsers with the first page that is chunked: on an unchanged site, none is.
  const { chunkPage } = await import("../chunking/chunk-page.ts");
  return chunkPage(page, chunking, warn).map((made, position) => {
    const chunk = corrected(made, corrections);
    const input = chunkEmbeddingText(chunk);
    const fingerprint = fingerprintOf(space, input);
    return { chunk, position, fingerprint, bytes: Buffer.byteLength(input) };
  });
}
