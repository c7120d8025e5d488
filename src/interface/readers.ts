import { openReader, ReaderError, type SiteReader } from "../reader/index.ts";
import type { SearchLabels } from "./labels.ts";

/** Readers by the address of their index: all panels of a page share one. */
const readers = new Map<string, Promise<SiteReader>>();

/** The reader of an index; one that could not be opened is tried again. */
export function readerOf(index: string): Promise<SiteReader> {
  const known = readers.get(index);
  if (known !== undefined) return known;
  const opened = openReader(index);
  readers.set(index, opened);
  opened.catch(() => readers.delete(index));
  return opened;
}

/** What is wrong, for people who read the site. */
export function failureText(error: unknown, labels: SearchLabels): string {
  const code = error instanceof ReaderError ? error.code : "damaged";
  return labels[code === "incomplete" ? "damaged" : code];
}
