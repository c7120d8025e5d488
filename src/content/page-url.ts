import { slug as githubSlug } from "github-slugger";
import type { PagePlace } from "./page-place.ts";
import { textValue } from "./text-value.ts";

/**
 * How a host makes a URL path from a file's path and its frontmatter. `plain`: the file path itself
 * (VitePress, Rspress, Jekyll); the others are named after their host.
 */
type PathStyle = "plain" | "starlight" | "docusaurus" | "eleventy";

/** How hosts differ, one entry per difference. */
interface PathHabits {
  /** The path segment for the name of a folder or of a file (without its extension). */
  readonly segment: (name: string) => string;
  /** Whether a file is the index page of its folder. */
  readonly isIndex: (name: string, folder: string | undefined) => boolean;
  /** What a `slug` without leading slash is relative to; null if the host has no `slug`. */
  readonly slugFrom: "root" | "folder" | null;
  /** Frontmatter key that replaces the file name, if the host has one. */
  readonly nameKey: string | null;
  /** Whether a folder's index page ends in a slash (`/guide/`) even where other pages do not. */
  readonly indexSlash: boolean;
}

/**
 * Number prefixes as Docusaurus parses them by default (plugin-content-docs, numberPrefix.ts):
 * `01-x`, `2. x`, `003 - x`, but neither dates (`2024-01-x`) nor versions (`7.0-x`).
 */
const NUMBER_PREFIX = /^(?!\d+[-_.]\d)\d+\s*[-_.]+\s*(?=[^-_.\s])/;

const PATH_STYLES: Readonly<Record<PathStyle, PathHabits>> = {
  plain: {
    segment: (name) => name,
    isIndex: (name) => name === "index",
    slugFrom: "root",
    nameKey: null,
    indexSlash: true,
  },
  // Astro's glob loader slugs every segment; in Starlight, `slug` replaces the whole path.
  starlight: {
    segment: (name) => githubSlug(name),
    isIndex: (name) => githubSlug(name) === "index",
    slugFrom: "root",
    nameKey: null,
    indexSlash: false,
  },
  docusaurus: {
    segment: (name) => name.replace(NUMBER_PREFIX, ""),
    isIndex: (name, folder) =>
      ["index", "readme", folder?.toLowerCase()].includes(name.toLowerCase()),
    slugFrom: "folder",
    nameKey: "id",
    indexSlash: false,
  },
  eleventy: {
    segment: (name) => name,
    isIndex: (name, folder) => name === "index" || name === folder,
    slugFrom: null,
    nameKey: null,
    indexSlash: true,
  },
};

/** What decides a page's URL, besides its path and its frontmatter. */
export interface UrlRules {
  /** Prefix of every page URL: a path (`/docs/`) or an address (`https://example.org/docs`). */
  readonly baseUrl: string;
  /** `directory`: `/guide/install/`; `clean`: `/guide/install`; `html`: `/guide/install.html`. */
  readonly urlStyle: "directory" | "clean" | "html";
  readonly pathStyle: PathStyle;
}

type Frontmatter = Readonly<Record<string, unknown>>;

interface PagePath {
  /** Percent-encoded. */
  readonly segments: readonly string[];
  readonly isIndex: boolean;
}

/**
 * URL of a page, percent-encoded, with the base. A `permalink` is used unchanged, with the base put
 * before it unless it already begins with it. Only the host can fill in a `permalink` with
 * placeholders (`/:title/`, `{{ … }}`), so then the file path decides. A `slug` is a path and gets
 * the site's URL style.
 *
 * @param id Source path relative to the content root, with forward slashes.
 * @param place What stands for the page or a folder of it.
 */
export function pageUrl(
  id: string,
  frontmatter: Frontmatter,
  rules: UrlRules,
  place: Pick<PagePlace, "folder" | "path"> = { folder: "", path: null },
): string {
  const base = parseBase(rules.baseUrl);
  const permalink = readPermalink(frontmatter);
  if (permalink !== null) return base.origin + placePermalink(permalink, base.path);
  const habits = PATH_STYLES[rules.pathStyle];
  const [top, below] = placed(id, place);
  const path = pagePath(below, resolveSegments([], top), frontmatter, habits);
  if (path.segments.length > 0) {
    return base.origin + base.path + path.segments.join("/") + ending(path, rules, habits);
  }
  const hasSlash = rules.urlStyle !== "clean" || habits.indexSlash || base.path === "/";
  return base.origin + (hasSlash ? base.path : base.path.slice(0, -1));
}

/** The path that stands for a page's folder, and the path of the page below it. */
function placed(
  id: string,
  { folder, path }: Pick<PagePlace, "folder" | "path">,
): readonly [top: string, below: string] {
  if (path === null) return ["", id];
  if (folder === id) return ["", path];
  return [path, folder === "" ? id : id.slice(folder.length + 1)];
}

function ending(path: PagePath, rules: UrlRules, habits: PathHabits): string {
  if (path.isIndex && habits.indexSlash) return "/";
  return { directory: "/", clean: "", html: ".html" }[rules.urlStyle];
}

/** `path` begins and ends with a slash; `origin` is empty if the base has no host. */
function parseBase(baseUrl: string): { origin: string; path: string } {
  const [origin = ""] = /^(?:[a-z][a-z\d+.-]*:)?\/\/[^/?#]*/i.exec(baseUrl) ?? [];
  const segments = resolveSegments([], baseUrl.slice(origin.length));
  return { origin, path: segments.length === 0 ? "/" : `/${segments.join("/")}/` };
}

/** @param top Segments of the folder that `id` is relative to. */
function pagePath(
  id: string,
  top: readonly string[],
  frontmatter: Frontmatter,
  habits: PathHabits,
): PagePath {
  const folders = id.split("/");
  const name = (folders.pop() ?? "").replace(/(?<=.)\.[^.]+$/, "");
  const parents = [...top, ...folders.map((folder) => encodeName(habits.segment(folder)))];
  const slug = textValue(frontmatter["slug"]);
  if (slug !== null && habits.slugFrom !== null) {
    const isFromRoot = slug.startsWith("/") || habits.slugFrom === "root";
    const root = habits.slugFrom === "root" ? [] : top;
    return { segments: resolveSegments(isFromRoot ? root : parents, slug), isIndex: false };
  }
  if (habits.isIndex(name, folders.at(-1))) return { segments: parents, isIndex: true };
  const given = habits.nameKey === null ? null : textValue(frontmatter[habits.nameKey]);
  return { segments: [...parents, encodeName(given ?? habits.segment(name))], isIndex: false };
}

function readPermalink(frontmatter: Frontmatter): string | null {
  const permalink = textValue(frontmatter["permalink"]);
  // A single word is the name of a Jekyll pattern (`pretty`), not a path.
  const isPath = permalink !== null && /[/.]/.test(permalink) && !/[{}]|(?:^|\/):/.test(permalink);
  return isPath ? permalink : null;
}

function placePermalink(permalink: string, basePath: string): string {
  const address = permalink.replace(/(?<=^|\/)index\.html$/, "");
  const segments = resolveSegments([], address);
  const path = `/${segments.join("/")}${address.endsWith("/") && segments.length > 0 ? "/" : ""}`;
  return `${path}/`.startsWith(basePath) ? path : basePath + path.slice(1);
}

function resolveSegments(from: readonly string[], path: string): string[] {
  const segments = [...from];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(encodeAddress(segment));
  }
  return segments;
}

function encodeName(name: string): string {
  const wellFormed = name.replace(/\p{Surrogate}/gu, "\uFFFD");
  return encodeURI(wellFormed).replace(/[?#]/g, encodeURIComponent);
}

/** Keeps escapes: an address in frontmatter may already be percent-encoded. */
function encodeAddress(address: string): string {
  return encodeName(address).replace(/%25(?=[\dA-Fa-f]{2})/g, "%");
}
