import { join } from "node:path";
import { wayFrom } from "../words/slashed-path.ts";
import type { Page } from "../words/types.ts";
import { IncludedFiles, type IncludedFile, type IncludeFolders } from "./included-files.ts";
import { linesInOrder, mappedText, replaceParts, type Replacement } from "./mapped-text.ts";
import { findPartials } from "./mdx-partials.ts";
import { contentPart, parameterParts, type PageRoute } from "./page-routes.ts";
import type { UrlRules } from "./page-url.ts";
import { findSnippets, findTextIncludes } from "./vitepress-includes.ts";

/** A place of a text where the host puts in another file. */
export interface Include {
  readonly start: number;
  readonly end: number;
  /** The path as it is written. */
  readonly written: string;
  /** Absolute path of the file; null if siterag does not know it. */
  readonly path: string | null;
  /** Stands in code, so that it may only show how an include is written. */
  readonly isExample: boolean;
  /** What stays in its place if the file cannot be read. */
  readonly unread: string;
  readonly take: (file: IncludedFile) => string;
  /** Whether what is taken may include files itself. */
  readonly isNested: boolean;
  /** Fits what was taken into the text around it. */
  readonly place: (taken: string) => string;
}

/** Finds the includes in the text of a file, by its absolute path, in order. */
export type FindIncludes = (
  text: string,
  file: string,
  folders: IncludeFolders,
) => Iterable<Include>;

/** A page with what it includes. */
export interface WithIncludes {
  readonly page: Page;
  /** Paths of the included files from the content root, also of those that could not be read. */
  readonly included: readonly string[];
  /** One sentence for each file that could not be read. */
  readonly unread: readonly string[];
}

/**
 * Puts the text of the files that a page includes into it, as its host does; into a page that is made from
 * a template, what its route says, too.
 */
export async function withIncludes(
  page: Page,
  pathStyle: UrlRules["pathStyle"],
  folders: IncludeFolders,
  route?: PageRoute,
): Promise<WithIncludes> {
  let text = mappedText(page.body, page.bodyLine);
  if (route !== undefined) text = replaceParts(text, contentPart(text.text, route));
  const kinds = kindsOf({ ...page, body: text.text }, pathStyle);
  if (kinds.length === 0 && route === undefined) return { page, included: [], unread: [] };
  const name = route?.file ?? page.id;
  const file = join(folders.root, name);
  const files = new IncludedFiles(folders, page.contentHash);
  const unread: string[] = [];
  let isChanged = route !== undefined;
  for (const find of kinds) {
    const lineOf = linesInOrder(text);
    const parts = await replacementsIn(text.text, [file], { find, files }, (at, failure) =>
      unread.push(`${name}:${lineOf(at)}: ${failure}`),
    );
    isChanged ||= parts.length > 0;
    text = replaceParts(text, parts);
  }
  if (route !== undefined) text = replaceParts(text, parameterParts(text.text, route));
  const included = route === undefined ? files.names : [route.file, ...files.names];
  if (!isChanged) return { page, included, unread };
  const changes = { body: text.text, sourceLines: text.lines, contentHash: files.digest() };
  return { page: { ...page, ...changes }, included, unread };
}

/** The kinds of include that the page's host reads, in its order; only those that the page can have. */
function kindsOf({ body, format }: Page, pathStyle: UrlRules["pathStyle"]): FindIncludes[] {
  const isPlain = pathStyle === "plain";
  return [
    ...(isPlain && body.includes("@include:") ? [findTextIncludes] : []),
    ...(isPlain && /<<<|@include:/.test(body) ? [findSnippets] : []),
    ...(format === "mdx" && /\.(?:mdx?|markdown)["']/.test(body) ? [findPartials] : []),
  ];
}

interface Reading {
  readonly find: FindIncludes;
  readonly files: IncludedFiles;
}

/** @param chain Absolute paths of the page and of the files down to the one that holds the text. */
async function replacementsIn(
  text: string,
  chain: readonly string[],
  reading: Reading,
  fail: (at: number, failure: string) => void,
): Promise<Replacement[]> {
  const { find, files } = reading;
  const parts: Replacement[] = [];
  for (const include of find(text, chain.at(-1) ?? "", files.folders)) {
    const { path, written, isExample, unread, start, end } = include;
    // In an attribute of a tag that is replaced as a whole.
    if (start < (parts.at(-1)?.end ?? 0)) continue;
    if (files.isFull) break;
    const found = await files.read(path, chain);
    if ("failure" in found) {
      const isTold = found.failure !== null && !isExample;
      if (isTold)
        fail(start, `${written}${placeIn(chain, files)} is not included: ${found.failure}.`);
      parts.push({ start, end, text: found.failure === null ? "" : unread });
      continue;
    }
    const taken = include.take(found);
    const inner = include.isNested
      ? await replacementsIn(taken, [...chain, found.path], reading, (_, failure) =>
          fail(start, failure),
        )
      : [];
    parts.push({ start, end, text: include.place(applied(taken, inner)) });
  }
  return parts;
}

const placeIn = (chain: readonly string[], { folders }: IncludedFiles): string =>
  chain.length === 1 ? "" : ` in ${wayFrom(folders.root, chain.at(-1) ?? "")}`;

const applied = (text: string, parts: readonly Replacement[]): string =>
  replaceParts(mappedText(text, 1), parts).text;
