import { expect, it } from "vitest";
import { sitePart } from "../../../src/adapters/docusaurus/site-part.ts";
import { folderWith } from "../../support/temporary-folder.ts";

const ALL = ["current", "2.0", "1.0"];
const choosing = (...onlyIncludeVersions: readonly string[]) => ({ onlyIncludeVersions });
const classic = (docs: object) => [["classic", { docs }]];

/** The part that a build makes of a site with docs that have the versions 2.0 and 1.0, and of a community. */
async function partOf(
  currentLocale: string,
  built: Readonly<Record<string, readonly string[]>>,
  config: { readonly presets?: readonly unknown[]; readonly plugins?: readonly unknown[] } = {},
): Promise<string | undefined> {
  const siteDir = await folderWith({
    "versions.json": '["2.0", "1.0"]',
    "community_versions.json": '["a/b"]',
  });
  const siteConfig = { presets: [], plugins: [], ...config };
  const i18n = { currentLocale, defaultLocale: "en" };
  const versions = new Map(Object.entries(built));
  return sitePart({ i18n, siteConfig, siteDir }, { versions });
}

it.each([
  ["en", { default: ALL }, {}, undefined],
  ["ar", { default: ALL }, {}, "ar"],
  ["en", { default: ALL }, { presets: classic(choosing(...ALL)) }, undefined],
  ["en", { default: ["2.0"] }, { presets: classic(choosing("2.0")) }, "only-2.0"],
  ["ar", { default: ["2.0"] }, { presets: classic(choosing("2.0")) }, "ar_only-2.0"],
  ["en", { default: ["current"] }, { presets: classic(choosing("current")) }, "only-current"],
  // The current version would have been built, too.
  ["en", { default: ["2.0", "1.0"] }, { presets: classic(choosing("2.0", "1.0")) }, "only-2.0-1.0"],
  // It is never built.
  ["en", { default: ["2.0", "1.0"] }, {}, undefined],
  [
    "en",
    { default: ["2.0", "1.0"] },
    { presets: classic({ ...choosing("2.0", "1.0"), includeCurrentVersion: false }) },
    undefined,
  ],
  [
    "en",
    { default: ALL, community: ["a/b"] },
    { plugins: ["siterag/docusaurus", ["docs", { id: "community", ...choosing("a/b") }]] },
    "only-community-a-b-eaa1a293",
  ],
] as const)(
  "a build in %s of the versions %j, configured as %j, is the part %s",
  async (...[locale, built, config, part]) => {
    expect(await partOf(locale, built, config)).toBe(part);
  },
);

it("has a name of its own for each choice of versions", async () => {
  const choices = [
    { default: ["2.0-1.0"], community: ["a/b"] },
    { default: ["2.0", "1.0"], community: ["a/b"] },
    { default: ["community", "2.0"], community: ["a/b"] },
    { default: ALL, community: ["2.0"] },
    { default: ["2.0"], community: ["2.0"] },
    { default: ["2.0_only-community-2.0"], community: ["a/b"] },
  ];
  const config = { presets: classic(choosing("2.0")) };
  const parts = await Promise.all(choices.map((built) => partOf("en", built, config)));
  expect(new Set(parts).size).toBe(choices.length);
});
