import type { VerifyReport } from "../../src/verifying/report.ts";

const nothing = { anchors: [], missing: {}, neverShown: {} };

const numbered = (at: number) => ({
  ...nothing,
  page: `notes/${at}.md`,
  url: `/notes/${at}/`,
  file: `notes/${at}/index.html`,
  kinds: ["words missing"] as const,
  missing: { word: at },
});

/** A verification that found something of every kind. */
export const VERIFIED: VerifyReport = {
  site: "/site/dist",
  pages: 1234,
  figures: {
    urls: { total: 1234, wrong: 1, share: 1233 / 1234 },
    anchors: { total: 5000, wrong: 2, share: 4998 / 5000 },
    missing: { total: 100_000, wrong: 1, share: 99_999 / 100_000 },
    neverShown: { total: 100_000, wrong: 0, share: 1 },
  },
  agreement: 0.99,
  advice: "Read the HTML.",
  differing: [
    { ...nothing, page: "a.md", url: "/a/", file: null, kinds: ["no such page"] },
    { ...nothing, page: "b.md", url: "/c/", file: "c/index.html", kinds: ["rewritten"] },
    { ...nothing, page: "d.md", url: "/d/", file: "d/index.html", kinds: ["hardly any HTML"] },
    { ...nothing, page: "e.md", url: "/e/", file: "e/index.html", kinds: ["empty"] },
    {
      page: "f.md",
      url: "/f/",
      file: "f/index.html",
      kinds: ["anchors missing", "words missing", "words never shown"],
      anchors: ["usage", "\u001B[31mred"],
      missing: { one: 1, two: 2, three: 1, four: 1, five: 1, six: 1, seven: 1 },
      neverShown: { template: 1200 },
    },
    ...[1, 2, 3, 4, 5, 6].map(numbered),
  ],
  notIndexed: ["tags/index.html"],
  corrections: {
    urls: [{ page: "b.md", from: "/b/", to: "/c/" }],
    anchors: [{ page: "g.md", heading: "Usage", from: "usage-1", to: "usage_1" }],
    withdrawn: ["h.md"],
  },
  notStored: null,
  parsed: 12,
};
