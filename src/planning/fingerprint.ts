import { createHash } from "node:crypto";
import type { EmbeddingSpace, Fingerprint, Page } from "../words/types.ts";

const sha256 = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex");

/** Same fingerprint, same vector: hex sha-256 over the space and the embedding input. */
export const fingerprintOf = (space: EmbeddingSpace, embeddingInput: string): Fingerprint =>
  sha256([space.provider, space.model, space.dimensions, space.taskForm, embeddingInput]);

/** The same for a query: never equal to that of a text of the site. */
export const queryFingerprint = (space: EmbeddingSpace, query: string): Fingerprint =>
  sha256(["query", space.provider, space.model, space.dimensions, space.taskForm, query.trim()]);

/** What a page's chunks depend on besides the page itself. */
export interface PageKeyContext {
  readonly space: EmbeddingSpace;
  readonly maxTokens: number;
  readonly overlapTokens: number;
  readonly chunkerVersion: number;
}

/** Hash of all that a page's rows depend on: an unchanged key means unchanged rows. */
export const pageKey = (page: Page, context: PageKeyContext): string =>
  sha256([
    page.contentHash,
    page.url,
    page.title,
    page.locale,
    page.version,
    page.slugger,
    context.maxTokens,
    context.overlapTokens,
    context.chunkerVersion,
    context.space.provider,
    context.space.model,
    context.space.dimensions,
    context.space.taskForm,
  ]);
