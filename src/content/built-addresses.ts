import { pageUrl, type UrlRules } from "./page-url.ts";

/** A page's file, and the canonical address in it, as written. */
export interface CanonicalAddress {
  readonly id: string;
  readonly canonical: string | null;
}

/**
 * How a built site addresses its pages: an index page by its folder, any other page by its file. Where the
 * settings have their defaults, most canonical addresses decide what all begin with, and whether they
 * lack the last slash or `.html`.
 */
export function builtAddresses(
  { baseUrl, urlStyle }: Pick<UrlRules, "baseUrl" | "urlStyle">,
  pages: readonly CanonicalAddress[],
): (id: string) => string {
  const own = pages.flatMap(ownAddresses);
  const isShort = (wanted: Kind): boolean =>
    mostOf(own.filter(({ kind }) => kind === wanted).map((one) => one.isShort)) ?? false;
  const isShortOf = {
    home: false,
    index: isShort("index"),
    file: urlStyle === "clean" || isShort("file"),
  };
  const base = baseUrl === "/" ? (baseIn(own) ?? baseUrl) : baseUrl;
  return (id) => addressOf(id, base, isShortOf[kindOf(id)]);
}

/** What most canonical addresses begin with, as a path; null if no page has one of its own. */
export const canonicalBase = (pages: readonly CanonicalAddress[]): string | null =>
  baseIn(pages.flatMap(ownAddresses));

const baseIn = (own: readonly OwnAddress[]): string | null => mostOf(own.map(({ base }) => base));

type Kind = "home" | "index" | "file";

function kindOf(id: string): Kind {
  if (/^index\.html?$/.test(id)) return "home";
  return /\/index\.html?$/.test(id) ? "index" : "file";
}

function addressOf(id: string, baseUrl: string, isShort: boolean): string {
  const url = pageUrl(id, {}, { baseUrl, urlStyle: "html", pathStyle: "plain" });
  if (isShort) return url.replace(/\.html$|\/$/, "");
  return id.endsWith(".htm") ? url.replace(/\.html$/, ".htm") : url;
}

/** A canonical address that is that of its page, without what names the page. */
export interface OwnCanonical {
  /** What stands before the page's own part of the path. */
  readonly base: string;
  /** Whether it lacks the last slash or `.html`. */
  readonly isShort: boolean;
}

interface OwnAddress extends OwnCanonical {
  readonly kind: Kind;
}

/** Cuts the page's own canonical address; null if it has none, or that of another page. */
export function cutCanonical(page: CanonicalAddress): OwnCanonical | null {
  const [own] = ownAddresses(page);
  return own === undefined ? null : { base: own.base, isShort: own.isShort };
}

/** The address that `cutCanonical` has cut, with another origin. */
export const joinCanonical = (id: string, { base, isShort }: OwnCanonical): string =>
  `http://localhost${base.replace(/\/$/, "")}${addressOf(id, "/", isShort)}`;

/** None if the page has no canonical address, or that of another page. */
function ownAddresses({ id, canonical }: CanonicalAddress): OwnAddress[] {
  const path = canonical === null ? null : pathOf(canonical);
  if (path === null) return [];
  const kind = kindOf(id);
  for (const isShort of [false, true]) {
    const end = addressOf(id, "/", isShort);
    const base = path.slice(0, path.length - end.length);
    if (path.endsWith(end) && !/\.html?$/.test(base)) return [{ kind, base: `${base}/`, isShort }];
  }
  return [];
}

/** The path of an address, percent-encoded as siterag encodes URLs; null for what is no address. */
export function pathOf(address: string): string | null {
  const url = URL.parse(address, "http://localhost");
  return url === null ? null : encodeURI(decoded(url.pathname));
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** The value that occurs most often; null if there is none. */
function mostOf<Value>(values: readonly Value[]): Value | null {
  const byValue = [...Map.groupBy(values, (value) => value)];
  const [most] = byValue.toSorted(([, one], [, other]) => other.length - one.length);
  return most?.[0] ?? null;
}
