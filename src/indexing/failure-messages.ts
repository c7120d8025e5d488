import type { ChunkSpool } from "../store/chunk-spool.ts";
import { count } from "../words/amounts.ts";
import { FAILS_ALL, SiteragError } from "../words/errors.ts";
import type { Fingerprint } from "../words/types.ts";
import type { SpooledChange } from "./collect-changes.ts";

/**
 * One sentence for each failed chunk, with page and heading; but only one for all chunks that share an
 * error that fails every text.
 */
export function failureSentences(
  changed: readonly SpooledChange[],
  failed: ReadonlyMap<Fingerprint, Error>,
  spool: ChunkSpool,
): string[] {
  const sentences: string[] = [];
  const forAll = new Map<string, SpooledChange[]>();
  for (const change of changed) {
    const error = failed.get(change.fingerprint);
    if (error === undefined) continue;
    if (error instanceof SiteragError && FAILS_ALL.has(error.code)) {
      forAll.set(error.message, [...(forAll.get(error.message) ?? []), change]);
    } else {
      sentences.push(`${placeOf(change, spool)}: ${error.message}`);
    }
  }
  for (const [message, changes] of forAll) {
    const pages = new Set(changes.map(({ page }) => page)).size;
    sentences.push(`${count(changes.length, "chunk")} of ${count(pages, "page")}: ${message}`);
  }
  return sentences;
}

/** `guide.md, under “Install”` */
function placeOf({ page, text }: SpooledChange, spool: ChunkSpool): string {
  const heading = spool.read(text).headings.at(-1);
  return heading === undefined ? page : `${page}, under “${heading}”`;
}

/** One sentence for each reason. */
export const waitingSentences = (reasons: readonly string[]): string[] =>
  [...Map.groupBy(reasons, (reason) => reason)].map(
    ([reason, same]) =>
      `${count(same.length, "text waits", "texts wait")} for a vector (searches use an old one, or words only): ${reason}`,
  );

/** A message names this many places and counts the rest. */
const SHOWN = 5;

export function silenceSentence(
  silent: readonly SpooledChange[],
  model: string,
  spool: ChunkSpool,
): string {
  const places = silent.slice(0, SHOWN).map((change) => placeOf(change, spool));
  const more = silent.length > SHOWN ? `; and ${silent.length - SHOWN} more` : "";
  const without = count(silent.length, "text has", "texts have");
  const they = silent.length === 1 ? "It is" : "They are";
  return `${without} no sentence of context: ${model} wrote none. ${they}: ${places.join("; ")}${more}`;
}
