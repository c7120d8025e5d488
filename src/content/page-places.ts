import { posix } from "node:path";
import { docusaurusFolders } from "./docusaurus-folders.ts";
import { localeFolders } from "./locale-folders.ts";
import type { PagePlace, PagePlaces } from "./page-place.ts";
import type { UrlRules } from "./page-url.ts";

/** What the configuration says of files and folders below the content root, `.` being the root itself. */
export interface FolderSettings {
  /** The locale of the pages in a folder; null: none. */
  readonly locales: FolderValues;
  readonly versions: FolderValues;
  /** What stands for the folder or file in URLs. */
  readonly paths: Readonly<Record<string, string>>;
}

type FolderValues = Readonly<Record<string, string | null>>;

/**
 * Reads locales, versions and paths from the folders, as the host of the path style lays them. What the
 * settings say wins.
 *
 * @param ids Of all files of the site.
 */
export async function pagePlaces(
  content: FolderSettings & Pick<UrlRules, "pathStyle"> & { readonly root: string },
  ids: readonly string[],
): Promise<PagePlaces> {
  const { pathStyle, root } = content;
  const [locales, versions] = [byFolder(content.locales), byFolder(content.versions)];
  const paths = byFolder(content.paths);
  const isVersionKnown = versions.has(".");
  const { placeOf, warning } =
    pathStyle === "docusaurus" ? await docusaurusFolders(root, isVersionKnown) : byLocale(ids);
  return {
    warning,
    placeOf: (id) => {
      const seen = placeOf(id);
      const [folder, path] = nearest(paths, id) ?? [seen.folder, seen.path];
      const locale = chosen(nearest(locales, id), seen.locale);
      const version = chosen(nearest(versions, id), seen.version);
      return { locale, version, folder, path };
    },
  };
}

/** What the settings say; of the root, only where the folders below say nothing. */
function chosen(
  said: readonly [folder: string, value: string | null] | null,
  seen: string | null,
): string | null {
  if (said === null) return seen;
  const [folder, value] = said;
  return folder === "" ? (seen ?? value) : value;
}

function byLocale(ids: readonly string[]): PagePlaces {
  const locales = localeFolders(ids);
  const placeOf = (id: string): PagePlace => {
    const [top = ""] = id.split("/");
    return { locale: locales.has(top) ? top : null, version: null, folder: "", path: null };
  };
  return { placeOf, warning: null };
}

/** `./fr/` is another spelling of `fr`. */
const byFolder = <Value>(values: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> =>
  new Map(
    Object.entries(values).map(([folder, value]) => [
      posix.normalize(folder).replace(/(?<=.)\/$/, ""),
      value,
    ]),
  );

/** The page or its innermost folder that the settings name, "" being the root, and its value. */
function nearest<Value>(
  values: ReadonlyMap<string, Value>,
  id: string,
): readonly [folder: string, value: Value] | null {
  for (let folder = id; ; folder = posix.dirname(folder)) {
    const value = values.get(folder);
    if (value !== undefined) return [folder === "." ? "" : folder, value];
    if (folder === ".") return null;
  }
}
