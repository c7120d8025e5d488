import { expect, test } from "vitest";
import { builtAddresses } from "../../src/content/built-addresses.ts";

const DEFAULTS = { baseUrl: "/", urlStyle: "directory" } as const;
const FILES = ["index.html", "guide/index.html", "guide/a b.html", "guide/old.htm"];

const addressesIn = (
  canonical: Readonly<Record<string, string | null>>,
  rules: Parameters<typeof builtAddresses>[0] = DEFAULTS,
): string[] => {
  const pages = Object.entries(canonical).map(([id, address]) => ({ id, canonical: address }));
  return FILES.map(builtAddresses(rules, pages));
};

test("without canonical addresses a page is where its file is", () => {
  const expected = ["/", "/guide/", "/guide/a%20b.html", "/guide/old.htm"];
  expect(addressesIn({})).toEqual(expected);
  expect(addressesIn({ "guide/index.html": null, "guide/a b.html": "not an address:" })).toEqual(
    expected,
  );
});

test.each([
  [
    "the base",
    {
      "guide/index.html": "https://example.org/docs/guide/",
      "x.html": "https://example.org/docs/x.html",
    },
    ["/docs/", "/docs/guide/", "/docs/guide/a%20b.html", "/docs/guide/old.htm"],
  ],
  [
    "the base of a home page alone",
    { "index.html": "https://example.org/docs/" },
    ["/docs/", "/docs/guide/", "/docs/guide/a%20b.html", "/docs/guide/old.htm"],
  ],
  [
    "the base of a home page without a slash",
    { "index.html": "https://example.org/docs", "x.html": "/docs/x.html" },
    ["/docs/", "/docs/guide/", "/docs/guide/a%20b.html", "/docs/guide/old.htm"],
  ],
  [
    "nothing where the home page names another page",
    { "index.html": "https://example.org/welcome.html" },
    ["/", "/guide/", "/guide/a%20b.html", "/guide/old.htm"],
  ],
  [
    "folders without a slash",
    {
      "index.html": "https://example.org/docs/",
      "guide/index.html": "https://example.org/docs/guide",
    },
    ["/docs/", "/docs/guide", "/docs/guide/a%20b.html", "/docs/guide/old.htm"],
  ],
  [
    "files without .html",
    { "guide/a b.html": "/guide/a%20b", "guide/index.html": "/guide/" },
    ["/", "/guide/", "/guide/a%20b", "/guide/old"],
  ],
  [
    "what most say",
    { "a.html": "/docs/a.html", "b.html": "/docs/b.html", "c.html": "/other/c" },
    ["/docs/", "/docs/guide/", "/docs/guide/a%20b.html", "/docs/guide/old.htm"],
  ],
  [
    "nothing where they name other pages",
    { "v1/a.html": "https://example.org/docs/latest/a.html", "fr/b.html": "/en/b.html" },
    ["/", "/guide/", "/guide/a%20b.html", "/guide/old.htm"],
  ],
])("canonical addresses tell %s", (_what, canonical, expected) => {
  expect(addressesIn(canonical)).toEqual(expected);
});

test("settings win over canonical addresses", () => {
  const canonical = { "guide/index.html": "/docs/guide/", "a.html": "/docs/a.html" };
  const rules = { baseUrl: "https://example.org/manual/", urlStyle: "clean" } as const;
  expect(addressesIn(canonical, rules)).toEqual([
    "https://example.org/manual/",
    "https://example.org/manual/guide/",
    "https://example.org/manual/guide/a%20b",
    "https://example.org/manual/guide/old",
  ]);
});
