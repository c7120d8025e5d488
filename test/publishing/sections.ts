import type { IndexedSection } from "../../src/ranking/section.ts";

/** A section of a page, with what is not given left out or empty. */
export function section(
  given: Partial<IndexedSection> & { readonly page: string },
): IndexedSection {
  const { page, heading = null, trail = [] } = given;
  return {
    url: `/${page.replace(/\.md$/u, "")}/`,
    title: page,
    heading,
    trail,
    text: "",
    locale: null,
    version: null,
    ...given,
  };
}
