import { FAILS_ALL, SiteragError } from "../words/errors.ts";
import { count } from "../words/amounts.ts";
import type { ChunkSpool } from "../store/chunk-spool.ts";
import type { Fingerprint } from "../words/types.ts";
import type { SpooledChange } from "./collect-changes.ts";

/**
 * One sentence for each chunk whose embedding failed, naming page and heading; where all failed for
 * one reason, one sentence for all of them.
 */
export async function failureSentences(
  changed: readonly SpooledChange[],
  failed: ReadonlyMap<Fingerprint, Error>,
  spool: ChunkSpool,
): Promise<string[]> {
  const sentences: string[] = [];
  const forAll = new Map<string, SpooledChange[]>();
  for (const change of changed) {
    const error = failed.get(change.fingerprint);
    if (error === undefined) continue;
    if (error instanceof SiteragError && FAILS_ALL.has(error.code)) {
      forAll.set(error.message, [...(forAll.get(error.message) ?? []), change]);
    } else {
      sentences.push(`${await placeOf(change, spool)}: ${error.message}`);
    }
  }
  return [
    ...sentences,
    ...[...forAll].map(([message, changes]) => `${placesOf(changes)}: ${message}`),
  ];
}

/** `guide.md, under “Install”` */
export async function placeOf(
  { page, text }: Pick<SpooledChange, "page" | "text">,
  spool: ChunkSpool,
): Promise<string> {
  const heading = (await spool.read(text)).headings.at(-1);
  return heading === undefined ? page : `${page}, under “${heading}”`;
}

function placesOf(changes: readonly SpooledChange[]): string {
  const pages = new Set(changes.map(({ page }) => page)).size;
  return `${count(changes.length, "chunk")} of ${count(pages, "page")}`;
}

/** One sentence for each reason why texts wait for a later run. */
export function waitingSentences(reasons: readonly string[]): string[] {
  const groups = Map.groupBy(reasons, (reason) => reason);
  return [...groups].map(
    ([reason, same]) =>
      `${count(same.length, "text")} without a new vector, found by their words until then: ${reason}`,
  );
}
