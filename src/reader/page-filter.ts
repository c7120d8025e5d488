import type { PageTable } from "../ranking/term-source.ts";
import type { SearchFilter } from "../words/hits.ts";
import type { PageFacts, SectionTable } from "./section-table.ts";

/** Which pages are searched. */
export interface ReaderFilter extends SearchFilter {
  /** Versions, of which a page has one; null: pages without a version. */
  readonly versions?: readonly (string | null)[];
}

/** The pages of an index, of which a filter lets some through. All its conditions must hold. */
export function filteredPages({ pages, pageOf }: SectionTable, filter: ReaderFilter): PageTable {
  const isAllowed = pages.map((page) => matches(page, filter));
  return {
    pageOf: (section) => pageOf[section] ?? 0,
    isAllowed: (page) => isAllowed[page] ?? false,
  };
}

function matches(page: PageFacts, filter: ReaderFilter): boolean {
  return (
    (filter.page === undefined || page.id === filter.page) &&
    (filter.locale === undefined || page.locale === filter.locale) &&
    (filter.version === undefined || page.version === filter.version) &&
    (filter.versions === undefined || filter.versions.includes(page.version)) &&
    (filter.urlPrefix === undefined || hasPrefix(page.url, filter.urlPrefix))
  );
}

/** Whether a URL begins with a prefix, encoded or as people read it; an anchor in the prefix means its whole page. */
function hasPrefix(url: string, prefix: string): boolean {
  const [path = "", ...anchor] = prefix.split("#");
  const encoded = encodeURI(path.toWellFormed()).replaceAll(/%25(?=[\dA-Fa-f]{2})/gu, "%");
  const forms = [path, encoded];
  return anchor.length > 0 ? forms.includes(url) : forms.some((form) => url.startsWith(form));
}
