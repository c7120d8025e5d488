import type { ReaderSearch, SiteReader } from "../reader/index.ts";
import { element } from "./elements.ts";
import { pagePath } from "./page-address.ts";
import type { Panel } from "./panel.ts";
import type { SearchSettings } from "./settings.ts";
import { siteAddress } from "./site-address.ts";

/** Which pages are searched. */
export interface Filters {
  chosen(): Pick<ReaderSearch, "locale" | "versions">;
}

/** A language or version; null: pages without one. */
type Value = string | null;

/**
 * Lets a reader choose among the languages and versions of an index that has several: at first those of the
 * page that is open.
 */
export async function makeFilters(
  { filters }: Panel,
  reader: SiteReader,
  settings: SearchSettings,
  changed: () => void,
): Promise<Filters> {
  const { labels } = settings;
  const here = pagePath(new URL(location.href));
  const pages = await reader.pages();
  const addressOf = (url: string): string =>
    siteAddress(url, reader.manifest, settings.index, location.origin);
  const own = pages.find(({ url }) => pagePath(new URL(addressOf(url), document.baseURI)) === here);
  const { locales, versions } = reader.manifest;
  const locale = makeChoice(labels.language, locales, localeIn(locales, settings, own?.locale), {
    all: labels.allLanguages,
    name: (value) => languageName(value) ?? labels.other,
  });
  const given = settings.version ?? own?.version;
  const version = makeChoice(
    labels.version,
    versions,
    versions.find((one) => one === given),
    {
      all: labels.allVersions,
      name: (value) => value ?? labels.other,
    },
  );
  const lists = [locale.list, version.list].filter((list) => list !== null);
  for (const list of lists) list.addEventListener("change", changed);
  filters.replaceChildren(...lists);
  return {
    chosen() {
      const [inLocale, inVersion] = [locale.chosen(), version.chosen()];
      const others = inVersion === settings.version ? settings.withVersions : [];
      return {
        ...(inLocale === undefined ? {} : { locale: inLocale }),
        // What is said without a version holds for each of them.
        ...(inVersion === undefined ? {} : { versions: [inVersion, null, ...others] }),
      };
    },
  };
}

interface Choice {
  /** Null: there is nothing to choose. */
  readonly list: HTMLSelectElement | null;
  /** Undefined: all. */
  chosen(): Value | undefined;
}

function makeChoice(
  label: string,
  values: readonly Value[],
  own: Value | undefined,
  { all, name }: { readonly all: string; readonly name: (value: Value) => string },
): Choice {
  if (values.length < 2) return { list: null, chosen: () => undefined };
  const rest = values.filter((value) => value !== own);
  const inOrder = own === undefined ? [undefined, ...rest] : [own, undefined, ...rest];
  const options = inOrder.map((value) =>
    element("option", {}, value === undefined ? all : name(value)),
  );
  const list = element("select", { part: "filter", "aria-label": label }, ...options);
  return { list, chosen: () => inOrder[list.selectedIndex] };
}

/** The given language, else that of the page that is open, as an index calls it. */
function localeIn(
  locales: readonly Value[],
  { locale }: SearchSettings,
  own: Value | undefined,
): Value | undefined {
  if (locale === null && own !== undefined) return own;
  const wanted = (locale ?? document.documentElement.lang).toLowerCase();
  const is = (test: (known: string) => boolean): Value | undefined =>
    locales.find((one) => one !== null && test(one.toLowerCase()));
  const [language = ""] = wanted.split("-");
  return (
    is((one) => one === wanted) ??
    is((one) => one === language) ??
    locales.find((one) => one === null)
  );
}

function languageName(locale: Value): string | null {
  if (locale === null) return null;
  try {
    return (
      new Intl.DisplayNames([document.documentElement.lang || "en", "en"], { type: "language" }).of(
        locale,
      ) ?? locale
    );
  } catch {
    return locale;
  }
}
