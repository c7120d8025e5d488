import { FAILS_ALL, SiteragError } from "../errors.ts";
import { count } from "../planning/amounts.ts";
import type { ChunkSpool } from "../store/chunk-spool.ts";
import type { Fingerprint } from "../types.ts";
import type { SpooledChange } from "./collect-changes.ts";

/** Chunks that fail alike and are still named one by one. */
const NAMED = 10;

/**
 * One sentence for each chunk whose embedding failed, naming page and heading; where more than ten
 * failed for one reason, or it meets every text, one sentence for all of them.
 */
export async function failureSentences(
  changed: readonly SpooledChange[],
  failed: ReadonlyMap<Fingerprint, Error>,
  spool: ChunkSpool,
): Promise<string[]> {
  const failures = changed.flatMap((change) => {
    const error = failed.get(change.fingerprint);
    return error === undefined ? [] : [{ change, error }];
  });
  const sentences: string[] = [];
  for (const [message, alike] of Map.groupBy(failures, ({ error }) => error.message)) {
    const changes = alike.map(({ change }) => change);
    if (alike.length > NAMED || alike.some(({ error }) => failsAll(error))) {
      sentences.push(`${placesOf(changes)}: ${message}`);
    } else {
      for (const change of changes) sentences.push(`${await placeOf(change, spool)}: ${message}`);
    }
  }
  return sentences;
}

const failsAll = (error: Error): boolean =>
  error instanceof SiteragError && FAILS_ALL.has(error.code);

/** `guide.md, under “Install”` */
export async function placeOf(
  { page, text }: Pick<SpooledChange, "page" | "text">,
  spool: ChunkSpool,
): Promise<string> {
  const heading = (await spool.read(text)).headings.at(-1);
  return heading === undefined ? page : `${page}, under “${heading}”`;
}

function placesOf(changes: readonly SpooledChange[]): string {
  const pages = [...new Set(changes.map(({ page }) => page))];
  const [first = ""] = pages;
  const others = pages.length === 1 ? "" : ` and ${count(pages.length - 1, "other page")}`;
  return `${count(changes.length, "chunk")} of ${first}${others}`;
}

/** One sentence for each reason why texts wait for a later run. */
export function waitingSentences(reasons: readonly string[]): string[] {
  const groups = Map.groupBy(reasons, (reason) => reason);
  return [...groups].map(
    ([reason, same]) =>
      `${count(same.length, "text")} without a new vector, found by their words until then: ${reason}`,
  );
}
