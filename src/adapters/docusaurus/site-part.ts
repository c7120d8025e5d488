import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { DocusaurusContext } from "./context.ts";
import type { SiteContent } from "./site-content.ts";

const NAMES = z.array(z.string());

/**
 * The part of the site that this build makes: Docusaurus builds each locale by itself, and may leave versions out
 * (`onlyIncludeVersions`). Undefined: the default locale in all versions.
 */
export async function sitePart(
  { i18n, siteDir }: DocusaurusContext,
  { versions }: SiteContent,
): Promise<string | undefined> {
  const { currentLocale, defaultLocale } = i18n;
  const only = await Promise.all(
    [...versions].map(async ([instance, built]) => {
      const file = instance === "default" ? "versions.json" : `${instance}_versions.json`;
      const all = await releasedIn(join(siteDir, file));
      const isWhole = all.every((version) => built.includes(version));
      return isWhole ? [] : [`${instance === "default" ? "" : `${instance}-`}${built.join("-")}`];
    }),
  );
  const names = [
    ...(currentLocale === defaultLocale ? [] : [currentLocale]),
    ...only.flat().map((name) => `only-${name}`),
  ];
  return names.length === 0 ? undefined : names.map(asTableName).join("_");
}

const releasedIn = (file: string): Promise<readonly string[]> =>
  readFile(file, "utf8").then(
    (text) => NAMES.parse(JSON.parse(text)),
    () => [],
  );

/** A name that a table may have; two names never become one. */
function asTableName(name: string): string {
  const plain = name.replaceAll(/[^\w.-]/gu, "-");
  return plain === name ? name : `${plain}-${hash("sha256", name).slice(0, 8)}`;
}
