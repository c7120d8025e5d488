import { createHash } from "node:crypto";
import type { EmbeddingSpace, Fingerprint, PageIdentity } from "../words/types.ts";

const sha256 = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex");

const partsOf = ({ provider, model, dimensions, taskForm }: EmbeddingSpace) =>
  [provider, model, dimensions, taskForm] as const;

/** Equal fingerprints mean equal vectors: hex sha-256 of space and embedding input. */
export const fingerprintOf = (space: EmbeddingSpace, embeddingInput: string): Fingerprint =>
  sha256([...partsOf(space), embeddingInput]);

/** The fingerprint of a query, which never equals that of a text. */
export const queryFingerprint = (space: EmbeddingSpace, query: string): Fingerprint =>
  sha256(["query", ...partsOf(space), query.trim()]);

export interface PageKeyContext {
  readonly space: EmbeddingSpace;
  readonly maxTokens: number;
  readonly overlapTokens: number;
  readonly chunkerVersion: number;
  /** Names and versions of the parsers. */
  readonly parsers: string;
}

/** Hashes everything that a page's rows depend on: an unchanged key means unchanged rows. */
export function pageKey(page: PageIdentity, context: PageKeyContext): string {
  const { contentHash, url, title, locale, version, slugger, format, host } = page;
  const { maxTokens, overlapTokens, chunkerVersion, parsers, space } = context;
  const ofPage = [contentHash, url, title, locale, version, slugger, format, host];
  const ofReading = [maxTokens, overlapTokens, chunkerVersion, parsers];
  return sha256([...ofPage, ...ofReading, ...partsOf(space)]);
}
