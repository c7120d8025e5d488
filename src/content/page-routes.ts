import { chosenPaths, type Globs } from "./chosen-paths.ts";
import type { Replacement } from "./mapped-text.ts";
import { silentPlaces } from "./silent-parts.ts";

/** A page that a host makes from a template: `packages/foo.md` from `packages/[name].md`. */
export interface PageRoute {
  /** Path of the template, from the content root. */
  readonly file: string;
  /** What stands for `{{ $params.name }}`, by name. */
  readonly params: Readonly<Record<string, unknown>>;
  /** What stands for the comment `@content`. */
  readonly content: string;
}

/** Routes by the id of their page. */
export type PageRoutes = Readonly<Record<string, PageRoute>>;

/** The routes whose page and whose template the globs of the configuration choose, as they choose files. */
export function chosenRoutes({
  exclude,
  include,
  routes,
}: Globs & { readonly routes: PageRoutes }): PageRoutes {
  const all = Object.entries(routes);
  const paths = [...new Set(all.flatMap(([id, { file }]) => [id, file]))];
  const chosen = new Set(chosenPaths(paths, { exclude, include }));
  return Object.fromEntries(all.filter(([id, { file }]) => chosen.has(id) && chosen.has(file)));
}

const CONTENT = /<!--\s{0,9}@content\s{0,9}-->/;
const PARAMETER = /\{\{\s{0,9}\$params\.(\w{1,99})\s{0,9}\}\}/g;

/** What a template becomes in VitePress: the content first, which may name parameters itself. */
export function contentPart(text: string, { content }: PageRoute): readonly Replacement[] {
  const place = content === "" ? null : CONTENT.exec(text);
  if (place === null) return [];
  const lines = content.replace(/\r\n?/g, "\n");
  return [{ start: place.index, end: place.index + place[0].length, text: lines }];
}

/** The parameters outside code. In code VitePress shows them as they are written. */
export function parameterParts(text: string, { params }: PageRoute): readonly Replacement[] {
  const isSilent = silentPlaces(text);
  return Array.from(text.matchAll(PARAMETER)).flatMap(({ 0: all, 1: name = "", index: start }) => {
    if (isSilent(start) || !Object.hasOwn(params, name)) return [];
    return [{ start, end: start + all.length, text: asText(params[name]) }];
  });
}

/** A value as Vue shows it, in character references where Markdown or HTML would read more in it. */
const asText = (value: unknown): string =>
  shownValue(value)
    .replace(/\s+/g, " ")
    .replace(/[^\p{L}\p{M}\p{N} .,:;/()'"-]/gu, (sign) => `&#${sign.codePointAt(0)};`);

function shownValue(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value, null, 2);
}

/** A text without its comments outside code, but for those that stand for other text. */
export function withoutSilentComments(text: string): string {
  const isSilent = silentPlaces(text);
  return text.replace(/<!--(?!\s*@(?:include:|content\b))[^]*?(?:-->|$)/g, (comment, at: number) =>
    isSilent(at) ? comment : "",
  );
}
