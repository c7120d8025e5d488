import type { SearchLabels } from "../../interface/labels.ts";
import { labelsOf } from "../../interface/translations.ts";

const PREFIX = "siterag.";

/** Labels as Starlight's translations name them: `siterag.search`. */
export const translationKeys = (
  labels: Readonly<Record<string, SearchLabels>>,
): Record<string, Record<string, string>> =>
  Object.fromEntries(
    Object.entries(labels).map(([language, own]) => [
      language,
      Object.fromEntries(Object.entries(own).map(([name, label]) => [PREFIX + name, label])),
    ]),
  );

/** What a component knows of the page that it is part of. */
export interface AstroPage {
  /** Starlight adds `t`, which has the site's own translations too. */
  readonly locals: object;
  readonly currentLocale?: string | undefined;
}

/** The labels of a page in its language, with the site's own translations, if it is made with Starlight. */
export function labelsFor({ locals, currentLocale = "en" }: AstroPage): SearchLabels {
  const own = isTranslated(locals) ? Object.entries(locals.t.all()) : [];
  const translated = own
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([key, label]) => [key.slice(PREFIX.length), label]);
  return { ...labelsOf(currentLocale), ...Object.fromEntries(translated) };
}

interface Translated {
  readonly t: { readonly all: () => Readonly<Record<string, string>> };
}

const isTranslated = (locals: object): locals is Translated =>
  "t" in locals && typeof locals.t === "function" && "all" in locals.t;

/** The search page in the language of a page: of those at or above its address, the innermost. */
export const searchPageFor = (pathname: string, pages: readonly string[]): string | undefined =>
  pages
    .filter((page) => `${pathname}/`.startsWith(page.slice(0, page.lastIndexOf("search"))))
    .sort((one, other) => other.length - one.length)[0];
