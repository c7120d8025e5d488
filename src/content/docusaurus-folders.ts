import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { NO_PLACE, type PagePlace, type PagePlaces } from "./page-place.ts";

/** The released versions of each docs instance, newest first; "" is the default instance. */
type Versions = ReadonlyMap<string, readonly string[]>;

const CONFIG = /^docusaurus\.config\.[mc]?[jt]s$/;
const VERSIONS = /^(?:(.+)_)?versions\.json$/;

/**
 * As Docusaurus lays them unless its configuration says otherwise: the newest version of `versions.json`
 * is at the root of the docs, the others are below their name, and `docs` itself is below `next`. Its
 * routes are named after the folders: `docs`, and those of other instances.
 *
 * @param isVersionKnown Whether the settings name the version of the root.
 */
export async function docusaurusFolders(
  root: string,
  isVersionKnown: boolean,
): Promise<PagePlaces> {
  const inRoot = await readdir(root);
  const isSite = inRoot.some((name) => CONFIG.test(name) || VERSIONS.test(name));
  if (isSite) {
    const versions = await readVersions(root, inRoot);
    return { placeOf: (id) => placeInSite(id, versions), warning: null };
  }
  const site = dirname(root);
  const beside = await readdir(site).catch((): string[] => []);
  const name = basename(root);
  const instance = beside.includes(`${name}_versions.json`) ? name : "";
  const isDefault = instance === "" && name !== "docs" && beside.includes("docs");
  const released = isDefault ? [] : ((await readVersions(site, beside)).get(instance) ?? []);
  if (released.length === 0) return { placeOf: () => NO_PLACE, warning: null };
  const version = isVersionKnown ? null : NEXT.label;
  const place = { locale: null, version, folder: "", path: NEXT.path };
  return { placeOf: () => place, warning: isVersionKnown ? null : onlyNext(released) };
}

/** Label and path of the version in `docs`, once there is a released one. */
const NEXT = { label: "Next", path: "next" };

const onlyNext = (released: readonly string[]): string =>
  `content.root is the next version of the docs; the released ones (${released.join(", ")}) are not indexed. ` +
  'To index them, set content.root to the folder of docusaurus.config and content.baseUrl to that of the site. To index the next version alone, set content.versions to { ".": "Next" }.';

async function readVersions(folder: string, names: readonly string[]): Promise<Versions> {
  const files = names.flatMap((name) => {
    const [, instance = ""] = VERSIONS.exec(name) ?? [];
    return VERSIONS.test(name) ? [{ name, instance }] : [];
  });
  const read = files.map(async ({ name, instance }) => {
    const text = await readFile(join(folder, name), "utf8");
    return [instance, namesIn(text)] as const;
  });
  return new Map(await Promise.all(read));
}

/** Empty if the file is not as Docusaurus writes it: then it builds nothing either. */
function namesIn(text: string): readonly string[] {
  try {
    const names: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}

const VERSIONED = /^(?:([^/]+)_)?versioned_docs\/version-([^/]+)(?=\/)/;
const TRANSLATED =
  /^i18n\/([^/]+)\/docusaurus-plugin-content-docs(?:-([^/]+))?\/(?:current|version-([^/]+))(?=\/)/;

function placeInSite(id: string, versions: Versions): PagePlace {
  const [versioned, instance = "", version] = VERSIONED.exec(id) ?? [];
  if (versioned !== undefined) return placed(versioned, null, instance, version, versions);
  const [translated, locale = null, ofInstance = "", ofVersion] = TRANSLATED.exec(id) ?? [];
  if (translated !== undefined) return placed(translated, locale, ofInstance, ofVersion, versions);
  const [top = ""] = id.split("/");
  if (top === "docs") return placed(top, null, "", undefined, versions);
  return versions.has(top) ? placed(top, null, top, undefined, versions) : NO_PLACE;
}

function placed(
  folder: string,
  locale: string | null,
  instance: string,
  released: string | undefined,
  versions: Versions,
): PagePlace {
  const route = instance === "" ? "docs" : instance;
  const [newest] = versions.get(instance) ?? [];
  const isNext = released === undefined && newest !== undefined;
  const below = isNext ? NEXT.path : released === newest ? "" : released;
  const path = [locale, route, below].filter(Boolean).join("/");
  return { locale, version: isNext ? NEXT.label : (released ?? null), folder, path };
}
