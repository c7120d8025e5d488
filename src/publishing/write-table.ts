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

/** Gathers the pages of sections that come in order. */
export class PageLister {
  readonly #pages = new Map<string, ListedPage & { sections: number }>();
  readonly #locales = new Set<string | null>();
  readonly #versions = new Set<string | null>();
  #last: string | null = null;

  /** @throws TypeError if sections of a page are apart */
  add({ page: id, url, title, locale, version }: IndexedSection): void {
    const page = this.#pages.get(id);
    if (page === undefined) {
      const facts = { id, url: url.replace(/#.*$/su, ""), title, locale, version };
      this.#pages.set(id, { ...facts, sections: 1 });
    } else if (this.#last === id) page.sections += 1;
    else throw new TypeError(`The sections of a page must be neighbours: ${id}.`);
    this.#last = id;
    this.#locales.add(locale);
    this.#versions.add(version);
  }

  /** URL of the section's page, which was added. */
  readonly urlOf = ({ page }: IndexedSection): string => this.#pages.get(page)?.url ?? "";

  list(): PageList {
    return {
      pages: [...this.#pages.values()],
      locales: inOrder(this.#locales),
      versions: inOrder(this.#versions),
    };
  }
}

/** Null first: pages without a value are the most where there are any. */
const inOrder = (values: ReadonlySet<string | null>): (string | null)[] => [
  ...(values.has(null) ? [null] : []),
  ...[...values].filter((value) => value !== null).sort(),
];

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
  return writer.take();
}
