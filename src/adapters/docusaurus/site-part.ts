import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isRecord } from "../../words/is-record.ts";
import type { DocusaurusContext } from "./context.ts";
import type { SiteContent } from "./site-content.ts";
import { DEFAULT_INSTANCE } from "./version-name.ts";

/** The part of the context that tells. */
interface PartContext extends Pick<DocusaurusContext, "siteDir"> {
  readonly i18n: Pick<DocusaurusContext["i18n"], "currentLocale" | "defaultLocale">;
  readonly siteConfig: Pick<DocusaurusContext["siteConfig"], "plugins" | "presets">;
}

const NAMES = z.array(z.string());

/** The part of the site that is in one language: its name. Undefined: the default one. */
export const localePart = ({ i18n }: Pick<PartContext, "i18n">): string | undefined =>
  i18n.currentLocale === i18n.defaultLocale ? undefined : asTableName(i18n.currentLocale);

/**
 * The part of the site that this build makes: Docusaurus builds each locale by itself, and may leave versions out
 * (`onlyIncludeVersions`). Undefined: the default locale in all versions.
 */
export async function sitePart(
  context: PartContext,
  { versions }: Pick<SiteContent, "versions">,
): Promise<string | undefined> {
  const { siteConfig, siteDir } = context;
  const chosen = instancesWithChoice(siteConfig);
  const only = await Promise.all(
    [...versions].map(async ([instance, built]) => {
      const isDefault = instance === DEFAULT_INSTANCE;
      const file = isDefault ? "versions.json" : `${instance}_versions.json`;
      const released = await releasedIn(join(siteDir, file));
      // Without a choice, docs that lack their current version never have it.
      const all = chosen.has(instance) ? [...released, "current"] : released;
      const isWhole = all.every((version) => built.includes(version));
      return isWhole ? [] : [nameOfChoice(instance, built, versions)];
    }),
  );
  const locale = localePart(context);
  const names = [...(locale === undefined ? [] : [locale]), ...only.flat()];
  return names.length === 0 ? undefined : names.join("_");
}

/** The docs that have a current version unless the configuration chooses others, by name of the instance. */
function instancesWithChoice({ plugins, presets }: PartContext["siteConfig"]): ReadonlySet<string> {
  const given = [...plugins, ...presets].map((one): unknown =>
    Array.isArray(one) ? one[1] : null,
  );
  const options = given
    .flatMap((one) => (isRecord(one) ? [one, one["docs"]] : []))
    .filter(isRecord);
  const choosing = options.filter(
    ({ includeCurrentVersion, onlyIncludeVersions }) =>
      Array.isArray(onlyIncludeVersions) && includeCurrentVersion !== false,
  );
  return new Set(choosing.map(({ id = DEFAULT_INSTANCE }) => String(id)));
}

const releasedIn = (file: string): Promise<readonly string[]> =>
  readFile(file, "utf8").then(
    (text) => NAMES.parse(JSON.parse(text)),
    () => [],
  );

/** A name for some versions of an instance; two choices never have one name. */
function nameOfChoice(
  instance: string,
  built: readonly string[],
  instances: SiteContent["versions"],
): string {
  const names = instance === DEFAULT_INSTANCE ? built : [instance, ...built];
  const name = `only-${names.join("-")}`;
  const isClear =
    names.every((one) => /^[a-z\d.]+$/iu.test(one)) && !built.some((one) => instances.has(one));
  return isClear ? name : hashedName(name, JSON.stringify([instance, built]));
}

/** A name that a table may have; two names never become one. */
const asTableName = (name: string): string =>
  /^[\w.-]+$/u.test(name) ? name : hashedName(name, name);

const hashedName = (name: string, whole: string): string =>
  `${name.replaceAll(/[^\w.-]/gu, "-")}-${hash("sha256", whole).slice(0, 8)}`;
