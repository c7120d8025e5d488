import type { IndexedSection } from "../ranking/section.ts";
import { byteWriter } from "./byte-writer.ts";
import { writeHeads } from "./write-heads.ts";

/** The pages of an index, in order, as their first sections tell of them. */
export interface PageList {
  readonly pages: readonly ListedPage[];
  readonly locales: readonly (string | null)[];
  readonly versions: readonly (string | null)[];
}

/** A page with the number of its sections. */
interface ListedPage extends Pick<IndexedSection, "title" | "locale" | "version"> {
  readonly id: string;
  /** Without a fragment. */
  readonly url: string;
  readonly sections: number;
}

/**
 * The pages of sections that are in order.
 * @throws TypeError if sections of a page are apart
 */
export function pagesOf(sections: readonly IndexedSection[]): PageList {
  const byPage = Map.groupBy(sections, ({ page }) => page);
  const apart = sections.findIndex(
    ({ page }, at) => sections[at - 1]?.page !== page && byPage.get(page)?.[0] !== sections[at],
  );
  if (apart >= 0) {
    throw new TypeError(`The sections of a page must be neighbours: ${sections[apart]?.page}.`);
  }
  return {
    pages: [...byPage].map(([id, [first, ...others]]) => ({
      id,
      url: first?.url.replace(/#.*$/su, "") ?? "",
      title: first?.title ?? "",
      locale: first?.locale ?? null,
      version: first?.version ?? null,
      sections: others.length + 1,
    })),
    locales: distinct(sections.map(({ locale }) => locale)),
    versions: distinct(sections.map(({ version }) => version)),
  };
}

/** Each value once, null first: pages without a value are the most where there are any. */
const distinct = (values: readonly (string | null)[]): (string | null)[] => {
  const named = new Set(values.filter((value) => value !== null));
  return [...(values.includes(null) ? [null] : []), ...[...named].sort()];
};

/** The text packs: the number of sections of each, and their names side by side. */
export interface PackList {
  readonly sizes: readonly number[];
  readonly names: string;
}

/** The sections table; `headsOf` are the sections whose heads it has: all or none. */
export function writeSectionTable(
  { pages, locales, versions }: PageList,
  packs: PackList,
  headsOf: readonly IndexedSection[],
  pageUrlOf: (section: IndexedSection) => string,
): Uint8Array {
  const writer = byteWriter();
  writer.number(pages.length);
  writer.sortedTexts(pages.map(({ id }) => id));
  writer.sortedTexts(pages.map(({ url }) => url));
  writer.texts(pages.map(({ title }) => title));
  writer.numbers(pages.map(({ locale }) => locales.indexOf(locale)));
  writer.numbers(pages.map(({ version }) => versions.indexOf(version)));
  writer.numbers(pages.map(({ sections }) => sections));
  writer.number(packs.sizes.length);
  writer.numbers(packs.sizes);
  writer.texts([packs.names]);
  writer.number(headsOf.length);
  writeHeads(writer, headsOf, pageUrlOf);
  return writer.written();
}
