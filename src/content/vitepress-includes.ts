import { dirname, join, resolve } from "node:path";
import { isRegionMark, linesOfPart, type PartOfFile } from "./file-parts.ts";
import type { IncludedFile } from "./included-files.ts";
import type { FindIncludes } from "./page-includes.ts";
import { silentPlaces } from "./silent-parts.ts";

const TEXT_INCLUDE = /<!--\s{0,9}@include:([^\n]{1,300}?)-->/g;

/**
 * `<!--@include: ./part.md#region{1,5}-->`. VitePress replaces it before it parses the page, so in code
 * too; there, one that names no file shows how to write it.
 */
export const findTextIncludes: FindIncludes = function* (text, file, { root }) {
  if (!text.includes("@include:")) return;
  const isSilent = silentPlaces(text);
  for (const { 0: all, 1: target = "", index } of text.matchAll(TEXT_INCLUDE)) {
    const { path, ...part } = targetOf(target.trim());
    yield {
      start: index,
      end: index + all.length,
      written: path,
      path: path.startsWith("@") ? join(root, path.slice(1)) : join(dirname(file), path),
      isExample: isSilent(index),
      unread: all,
      take: (included) => linesOfPart(included, part).join("\n"),
      isNested: true,
      place: (lines) => lines,
    };
  }
};

function targetOf(target: string): PartOfFile & { readonly path: string } {
  const [beforeRange, range] = withoutEnd(target, /\{(\d*,\d*)\}$/);
  const [path, region] = withoutEnd(beforeRange, /#([^\s#{]+)$/);
  const [first, last] = (range ?? "").split(",");
  const bounds = { first: Number(first) || 1, last: Number(last) || Infinity };
  return { path, region, range: range === null ? null : bounds };
}

/** A text without the end that matches, and what the match names. */
function withoutEnd(text: string, end: RegExp): readonly [rest: string, named: string | null] {
  const found = end.exec(text);
  return [text.slice(0, found?.index).trim(), found?.[1] ?? null];
}

const SNIPPET = /^((?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*)<<<(?!<)[ \t]*(\S[^\n]{0,999})$/gm;

/**
 * `<<< ./code.ts#region{2 js} [title]`, which VitePress reads as fenced code. The lines in braces are
 * those that it marks; it shows all.
 */
export const findSnippets: FindIncludes = function* (text, file, { root }) {
  if (!text.includes("<<<")) return;
  const isSilent = silentPlaces(text);
  for (const { 0: all, 1: prefix = "", 2: target = "", index } of text.matchAll(SNIPPET)) {
    if (isSilent(index + prefix.length)) continue;
    const [beforeTitle, title] = withoutEnd(target.trim(), /\[([^[\]]+)\]$/);
    const [beforeMeta, meta] = withoutEnd(beforeTitle, /\{([^{}]*)\}$/);
    const [path, region] = withoutEnd(beforeMeta, /#([\w.*-]+)$/);
    const info = `${languageOf(path, meta ?? "")}${title === null ? "" : ` [${title}]`}`;
    yield {
      start: index + prefix.length,
      end: index + all.length,
      written: path,
      path: resolve(dirname(file), path.replace(/^@/, root)),
      isExample: false,
      unread: "",
      take: (included) => codeOf(included, region),
      isNested: false,
      place: (code) => fence(code, info, prefix),
    };
  }
};

function codeOf(file: IncludedFile, region: string | null): string {
  const lines = linesOfPart(file, { region, range: null });
  const shown = region === null ? lines : lines.filter((line) => !isRegionMark(line));
  const indents = shown.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const indent = region === null ? 0 : Math.min(...indents);
  return shown
    .map((line) => line.slice(indent))
    .join("\n")
    .replace(/\n+$/, "");
}

/** The language that stands in the braces, else the extension. */
function languageOf(path: string, meta: string): string {
  const [, written] = /^(?:[\d,-]+)?[ \t]*([A-Za-z][^\s]*)/.exec(meta) ?? [];
  return written ?? /\.([A-Za-z0-9]+)$/.exec(path)?.[1] ?? "";
}

/** Fenced code whose lines are as deep in lists and quotes as the line that it replaces. */
function fence(code: string, info: string, prefix: string): string {
  const longest = Math.max(2, ...Array.from(code.matchAll(/`+/g), ([run]) => run.length));
  const mark = "`".repeat(longest + 1);
  const indent = prefix.replace(/[^\s>]/g, " ");
  return [`${mark}${info}`, ...code.split("\n"), mark].join(`\n${indent}`);
}
