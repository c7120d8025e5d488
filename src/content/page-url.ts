import { textValue } from "./frontmatter.ts";
import { PATH_STYLES, type PathHabits, type PathStyle } from "./path-style.ts";

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
 */
export function pageUrl(id: string, frontmatter: Frontmatter, rules: UrlRules): string {
  const base = parseBase(rules.baseUrl);
  const permalink = readPermalink(frontmatter);
  if (permalink !== null) return base.origin + placePermalink(permalink, base.path);
  const habits = PATH_STYLES[rules.pathStyle];
  const path = pagePath(id, frontmatter, habits);
  if (path.segments.length > 0) {
    return base.origin + base.path + path.segments.join("/") + ending(path, rules, habits);
  }
  const hasSlash = rules.urlStyle !== "clean" || habits.indexSlash || base.path === "/";
  return base.origin + (hasSlash ? base.path : base.path.slice(0, -1));
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

function pagePath(id: string, frontmatter: Frontmatter, habits: PathHabits): PagePath {
  const folders = id.split("/");
  const name = (folders.pop() ?? "").replace(/(?<=.)\.[^.]+$/, "");
  const parents = folders.map((folder) => encodeName(habits.segment(folder)));
  const slug = textValue(frontmatter["slug"]);
  if (slug !== null && habits.slugFrom !== null) {
    const isFromRoot = slug.startsWith("/") || habits.slugFrom === "root";
    return { segments: resolveSegments(isFromRoot ? [] : parents, slug), isIndex: false };
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
