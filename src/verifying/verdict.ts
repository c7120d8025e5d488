import { z } from "zod";
import { HTML_READING_VERSION } from "../html/reading.ts";
import { parsedJson } from "../words/json.ts";

/** Part of every stored verdict. Raise the second number whenever an unchanged page may get another one. */
const RULES = `${HTML_READING_VERSION}.2`;

const words = z.object({ count: z.int(), words: z.record(z.string(), z.int()) }).readonly();

const pageVerdict = z
  .object({
    /** The words are somewhere else: drawn by a script, or outside of the main content. */
    isUnseen: z.boolean(),
    anchors: z.object({ total: z.int(), missing: z.array(z.string()).readonly() }).readonly(),
    /** How many words must be on the other side. */
    words: z.object({ html: z.int(), chunks: z.int() }).readonly(),
    /** Words of the HTML that no chunk has. */
    missing: words,
    /** Words of chunks that the HTML does not show. */
    neverShown: words,
  })
  .readonly();

/** How the chunks of a page and its HTML agree. */
export type PageVerdict = z.infer<typeof pageVerdict>;

/** Share of the words of both sides that the other has, too: 0 to 1. */
export function likenessOf({ words: all, missing, neverShown }: PageVerdict): number {
  return 1 - (missing.count + neverShown.count) / Math.max(all.html + all.chunks, 1);
}

/** What a verdict depends on, but for the rules. */
export interface Basis {
  /** Hash of what counts of the built page. */
  readonly html: string;
  /** Key of the page's chunks. */
  readonly key: string;
  /** Corrections and settings, as JSON. */
  readonly rest: string;
}

const known = z
  .object({
    rules: z.literal(RULES),
    html: z.string(),
    key: z.string(),
    rest: z.string(),
    verdict: pageVerdict,
  })
  .readonly();

/** A verdict from the store, with what it depends on. */
export type KnownVerdict = z.infer<typeof known>;

export const toStore = (basis: Basis, verdict: PageVerdict): string =>
  JSON.stringify({ rules: RULES, ...basis, verdict } satisfies KnownVerdict);

/** Null if there is none, or if the rules were others. */
export const fromStore = (stored: string | null): KnownVerdict | null =>
  known.safeParse(parsedJson(stored ?? "")).data ?? null;

/** Whether a verdict holds: nothing has changed that it depends on. */
export const holds = (verdict: KnownVerdict, { html, key, rest }: Basis): boolean =>
  verdict.html === html && verdict.key === key && verdict.rest === rest;

/** What the store has instead of a verdict on a page that a search has not found. */
export const notFound = (searched: string): string => JSON.stringify({ rules: RULES, searched });
