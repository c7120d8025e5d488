import { describe, expect, it } from "vitest";
import { labelsFor, searchPageFor } from "../../../src/adapters/astro/labels.ts";
import { labelsAttribute } from "../../../src/adapters/labels-attribute.ts";
import { ENGLISH } from "../../../src/interface/labels.ts";
import { labelsOf } from "../../../src/interface/translations.ts";

/** `Astro.locals` on a page of Starlight with these translations. */
const starlight = (all: Readonly<Record<string, string>>) => ({
  t: Object.assign((key: string) => all[key] ?? key, { all: () => all }),
});

describe("the labels of a page", () => {
  it("are English where no language is known", () => {
    expect(labelsFor({ locals: {} })).toEqual(ENGLISH);
  });

  it("are those of the page's language", () => {
    const labels = labelsFor({ locals: {}, currentLocale: "de" });
    expect(labels).toEqual(labelsOf("de"));
    expect(labels.relatedPages).not.toBe(ENGLISH.relatedPages);
  });

  it("are the site's own where Starlight has translations of it", () => {
    const locals = starlight({ "search.label": "No label of siterag", "siterag.search": "Find" });
    expect(labelsFor({ locals, currentLocale: "de" })).toEqual({
      ...labelsOf("de"),
      search: "Find",
    });
  });

  it("stand in an attribute where they are not English", () => {
    expect(labelsAttribute(ENGLISH)).toBeUndefined();
    expect(labelsAttribute({ ...ENGLISH, search: "Find" })).toBe('{"search":"Find"}');
  });
});

describe("the search page of a page", () => {
  const pages = ["/manual/search/", "/manual/ja/search/"];

  it.each([
    ["/manual/", "/manual/search/"],
    ["/manual/guide/install/", "/manual/search/"],
    ["/manual/japan/", "/manual/search/"],
    ["/manual/ja/", "/manual/ja/search/"],
    ["/manual/ja/guide/install/", "/manual/ja/search/"],
    ["/manual/ja", "/manual/ja/search/"],
  ])("of %s is %s, in its language", (pathname, page) => {
    expect(searchPageFor(pathname, pages)).toBe(page);
  });

  it("is none where there is none", () => {
    expect(searchPageFor("/", [])).toBeUndefined();
  });
});
