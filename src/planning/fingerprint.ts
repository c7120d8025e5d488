import { createHash } from "node:crypto";
import type { EmbeddingSpace, Fingerprint, Page } from "../words/types.ts";

const sha256 = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex");

const partsOf = ({ provider, model, dimensions, taskForm }: EmbeddingSpace) =>
  [provider, model, dimensions, taskForm] as const;

/** Same fingerprint, same vector: hex sha-256 over the space and the embedding input. */
export const fingerprintOf = (space: EmbeddingSpace, embeddingInput: string): Fingerprint =>
  sha256([...partsOf(space), embeddingInput]);

/** The same for a query: never equal to that of a text of the site. */
export const queryFingerprint = (space: EmbeddingSpace, query: string): Fingerprint =>
  sha256(["query", ...partsOf(space), query.trim()]);

/** What a page's chunks depend on besides the page itself. */
export interface PageKeyContext {
  readonly space: EmbeddingSpace;
  readonly maxTokens: number;
  readonly overlapTokens: number;
  readonly chunkerVersion: number;
}

/** Hash of all that a page's rows depend on: an unchanged key means unchanged rows. */
export function pageKey(page: Page, context: PageKeyContext): string {
  const { contentHash, url, title, locale, version, slugger } = page;
  const { maxTokens, overlapTokens, chunkerVersion, space } = context;
  const ofPage = [contentHash, url, title, locale, version, slugger];
  return sha256([...ofPage, maxTokens, overlapTokens, chunkerVersion, ...partsOf(space)]);
}
