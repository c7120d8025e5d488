import type { OpenIndex } from "./open-index.ts";
import type { SectionHead } from "./section-heads.ts";

/** A section of the index, without its text. */
export interface SectionFacts {
  /** Id of the page: its source path. */
  readonly page: string;
  /** With `#anchor` where the host gives one. */
  readonly url: string;
  /** Title of the page. */
  readonly title: string;
  /** The headings above the section and its own, the highest first. */
  readonly headings: readonly string[];
  readonly locale: string | null;
  readonly version: string | null;
}

/** What is known of a section; in a large index this reads the pack that has its text, too. */
export async function sectionFacts(
  index: OpenIndex,
  section: number,
  signal?: AbortSignal,
): Promise<SectionFacts> {
  const { heads, pageOf, pages } = await index.table(signal);
  const page = pages[pageOf[section] ?? -1];
  const head = heads === null ? await headInPack(index, section, signal) : heads[section];
  if (page === undefined || head === undefined) {
    throw new RangeError(`The index has no section ${section}.`);
  }
  return {
    page: page.id,
    url: head.isWhole ? head.address : page.url + head.address,
    title: page.title,
    headings: head.heading === null ? head.trail : [...head.trail, head.heading],
    locale: page.locale,
    version: page.version,
  };
}

async function headInPack(
  index: OpenIndex,
  section: number,
  signal?: AbortSignal,
): Promise<SectionHead | undefined> {
  const { pack, place } = await index.packOf(section, signal);
  return pack.heads?.[place];
}

/** A section's Markdown; empty for a heading that another one follows at once. */
export async function sectionText(
  index: OpenIndex,
  section: number,
  signal?: AbortSignal,
): Promise<string> {
  const { pack, place } = await index.packOf(section, signal);
  return pack.texts[place] ?? "";
}
