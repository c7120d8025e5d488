import { dirname, join, resolve } from "node:path";
import type { IncludeFolders } from "./included-files.ts";
import type { FindIncludes, Include } from "./page-includes.ts";
import { silentPlaces } from "./silent-parts.ts";

const IMPORT = /^import\s([^'";]{1,300}?)\sfrom\s*["']([^'"\n]+\.(?:mdx?|markdown))["']/gm;
const TAG = /<([A-Za-z_$][\w$]*)(?=[\s/>])/g;

/** `import Note from "./_note.mdx"`, and `<Note />` where its text is to stand. */
export const findPartials: FindIncludes = function* (text, file, folders) {
  const imports = [...text.matchAll(IMPORT)];
  if (imports.length === 0) return;
  const isSilent = silentPlaces(text);
  const partials = new Map<string, Partial>();
  for (const { 1: clause = "", 2: written = "", index } of imports) {
    if (isSilent(index)) continue;
    const path = pathOf(written, file, folders);
    for (const name of namesIn(clause)) partials.set(name, { written, path });
  }
  for (const { 1: name = "", index } of text.matchAll(TAG)) {
    const partial = partials.get(name);
    if (partial !== undefined && !isSilent(index)) yield includeAt(text, index, partial);
  }
};

type Partial = Pick<Include, "written" | "path">;

/** The names under which a Markdown file's component is imported: its default, or Astro's `Content`. */
function namesIn(clause: string): readonly string[] {
  const [, name] = /^([A-Za-z_$][\w$]*)/.exec(clause.trim()) ?? [];
  const [, listed = ""] = /\{([^}]*)\}/.exec(clause) ?? [];
  const others = listed.split(",").flatMap((entry) => {
    const [, as] = /^\s*(?:Content|default)(?:\s+as\s+([A-Za-z_$][\w$]*))?\s*$/.exec(entry) ?? [];
    return as ?? (entry.trim() === "Content" ? ["Content"] : []);
  });
  return [...(name === undefined ? [] : [name]), ...others];
}

/** How Docusaurus, Vite and the templates of Astro write paths from the site's own folder. */
const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/^@site\//, "."],
  [/^[~@]\//, "src"],
  [/^\//, "."],
];

function pathOf(written: string, file: string, { site }: IncludeFolders): string | null {
  if (/^\.{1,2}\//.test(written)) return resolve(dirname(file), written);
  const alias = ALIASES.find(([start]) => start.test(written));
  return alias === undefined ? null : join(site, alias[1], written.replace(alias[0], ""));
}

function includeAt(text: string, start: number, { written, path }: Partial): Include {
  const end = tagEnd(text, start);
  const tag = text.slice(start, end);
  // Between two tags there may be text, which stays: the partial is put before it.
  const isWhole = tag.endsWith("/>");
  return {
    written,
    path: isInExpression(text, start) ? null : path,
    start,
    end: isWhole ? end : start,
    isExample: false,
    unread: isWhole ? tag : "",
    take: ({ lines, bodyLine }) => lines.slice(bodyLine - 1).join("\n"),
    isNested: true,
    place: placeFor(text, start, isWhole ? end : null),
  };
}

/** What JSX in an expression stands behind. */
const isInExpression = (text: string, start: number): boolean =>
  /(?:[{[=]|&&|\|\||=>|[?:]\s?\()\s?$/.test(text.slice(Math.max(start - 9, 0), start));

const LONGEST_TAG = 10_000;

/** Where the tag that begins at `start` ends; ignores `>` in quotes and braces. */
function tagEnd(text: string, start: number): number {
  let braces = 0;
  let quote = "";
  const limit = Math.min(start + LONGEST_TAG, text.length);
  for (let at = start; at < limit; at++) {
    const character = text[at] ?? "";
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'" || character === "`") quote = character;
    else if (character === "{") braces++;
    else if (character === "}") braces--;
    else if (character === ">" && braces === 0) return at + 1;
  }
  return limit;
}

/**
 * Puts a partial in paragraphs of its own if the tag stands alone on its line, else into the line.
 *
 * @param end Where the tag ends; null if the partial goes before it.
 */
function placeFor(text: string, start: number, end: number | null): Include["place"] {
  const before = lineUntil(text, start);
  const after = end === null ? "" : lineFrom(text, end);
  const isAlone = /^(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*$/.test(before) && after.trim() === "";
  if (!isAlone)
    return (body) =>
      withoutEsm(body)
        .trim()
        .replace(/\s*\n\s*/g, " ");
  const indent = before.replace(/[^\s>]/g, " ");
  const blank = `\n${indent.trimEnd()}`;
  const tail = end === null ? `${blank}\n${indent}` : blank;
  const lead = indent === before ? `${blank}\n${indent}` : "";
  return (body) => {
    const shown = indent === "" ? body : withoutEsm(body);
    const lines = shown.trim().split("\n");
    return (
      lead +
      lines.map((line, at) => (at === 0 ? line : (indent + line).trimEnd())).join("\n") +
      tail
    );
  };
}

/** Without imports and exports, which MDX reads only at the start of a line. */
const withoutEsm = (body: string): string =>
  body.replace(/(?<=^|\n\n)(?:import|export)\s[^\n]*(?:\n[^\n]+)*/g, "");

/** Most of a line that is looked at: longer ones are no line of a tag alone. */
const NEAR = 1000;

const lineUntil = (text: string, end: number): string =>
  text.slice(Math.max(end - NEAR, 0), end).replace(/^[^]*\n/, "");

const lineFrom = (text: string, start: number): string =>
  text.slice(start, start + NEAR).replace(/\n[^]*$/, "");
