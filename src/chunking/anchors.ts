import slugify from "@sindresorhus/slugify";
import { slug as slugGithub } from "github-slugger";
import type { HostName, Page, SluggerName } from "../words/types.ts";

/** A heading, as input of a slugger. */
export interface SlugSource {
  /** Visible text of the heading, as the host extracts it. */
  readonly text: string;
  /** Id that the author wrote, or null. */
  readonly explicitId: string | null;
  /** The partial in which it stands, if the host makes the ids of each partial apart; null: the page. */
  readonly partial?: number | null;
}

/** Ids that are no attribute list: `[#id]`, `{/* #id *\/}` and `{/*id*\/}`. */
const MARKED_ID =
  /(?<![ \t])[ \t]*(?:\[#([^\s[\]]+)\]|\{\/\*\s*#([^\s*]+)\s*\*\/\}|\{\/\*([\w-]+)\*\/\})[ \t]*$/;

/** What the author wrote for the host at the end of a heading. */
interface HeadingAttributes {
  /** Null: there are attributes, but no id. */
  readonly id: string | null;
  /** Where the text of the heading ends. */
  readonly offset: number;
}

/**
 * The id or the attribute list at the end of a heading, as the host reads it: `{#id}`, `{ #id }`,
 * `{.class #id}`, `{: #id}`, `[#id]` or `{/* #id *\/}`; or null. Without a known host, all of them.
 */
export function findExplicitId(heading: string, host: HostName | null): HeadingAttributes | null {
  // Astro has no such syntax.
  if (host === "astro" || !/[\]}]\s*$/.test(heading)) return null;
  if (host !== "vitepress") {
    const match = MARKED_ID.exec(heading);
    const id = match?.[1] ?? match?.[2] ?? (host === null ? match?.[3] : undefined);
    // `[#123]` is an issue number.
    const isNumber = match?.[1] !== undefined && /^\d+$/.test(match[1]);
    if (match !== null && id !== undefined && !isNumber) return { id, offset: match.index };
  }
  return findAttributeList(heading, host);
}

/** The parts of an attribute list: names and values between white space. */
const PARTS = /(?:[^\s"']|"[^"]*"|'[^']*')+/g;
const ATTRIBUTE = /^(?:[#.][^\s#.]|[\w:@-]+=["'])/;

function findAttributeList(heading: string, host: HostName | null): HeadingAttributes | null {
  const text = heading.trimEnd();
  const open = text.lastIndexOf("{");
  const before = open < 1 ? "" : text[open - 1];
  const isShown = before === "{" || (before === "\\" && host === "vitepress");
  if (open < 0 || isShown || !/(?<!\})\}$/.test(text)) return null;
  const inside = text.slice(open + 1, -1);
  const parts = (host === "docusaurus" ? inside : inside.replace(/^:/, "")).match(PARTS) ?? [];
  const ids = parts.filter((part) => /^#./.test(part));
  if (!isAttributes(parts, host)) return null;
  const offset = text.slice(0, before === "\\" ? open - 1 : open).trimEnd().length;
  return { id: ids.at(-1)?.slice(1) ?? null, offset };
}

/** VitePress takes any words for attributes, and Docusaurus an id alone. */
function isAttributes(parts: readonly string[], host: HostName | null): boolean {
  const [first] = parts;
  if (first === undefined || first === "#" || first === ".") return false;
  if (host === "vitepress") return true;
  if (host === "docusaurus") return parts.length === 1 && first.startsWith("#");
  return first.startsWith("#") || parts.every((part) => ATTRIBUTE.test(part));
}

/** The rules, in order, of `slugify` in @mdit-vue/shared, which VitePress uses. */
const VITEPRESS_RULES: readonly (readonly [RegExp, string])[] = [
  [/[\u0300-\u036F]/g, ""],
  // oxlint-disable-next-line no-control-regex
  [/[\u0000-\u001f]/g, ""],
  [/[\s~`!@#$%^&*()\-_+=[\]{}|\\;:"'“”‘’<>,.?/]+/g, "-"],
  [/-{2,}/g, "-"],
  [/^-+|-+$/g, ""],
  [/^(\d)/, "_$1"],
];

/** Slug as VitePress makes it from a heading's text, before it numbers duplicates. */
export function slugVitepress(text: string): string {
  let slug = text.normalize("NFKD");
  for (const [pattern, replacement] of VITEPRESS_RULES) slug = slug.replace(pattern, replacement);
  return slug.toLowerCase();
}

/** Slug as Eleventy's `slugify` filter makes it. */
const slugEleventy = (text: string): string => slugify(text, { decamelize: false });

type Slugger = (headings: readonly SlugSource[]) => string[];

/**
 * Numbers duplicates as github-slugger and markdown-it-anchor do: with the first free of `-1`, `-2`
 * …, counted for each slug. An explicit id stays as it is, and no later slug can use it.
 */
function numberedFromOne(slug: (text: string) => string): Slugger {
  return (headings) => {
    const taken = new Set<string>();
    const lastNumber = new Map<string, number>();
    return headings.map(({ text, explicitId }) => {
      const base = explicitId ?? slug(text);
      let anchor = base;
      let number = lastNumber.get(base) ?? 0;
      if (explicitId === null) {
        for (; taken.has(anchor); anchor = `${base}-${number}`) number += 1;
      }
      lastNumber.set(base, number);
      taken.add(anchor);
      return anchor;
    });
  };
}

/**
 * Ids as Eleventy's IdAttributePlugin assigns them. Duplicates are numbered from 2, without a check
 * that the numbered id is free. If an earlier heading already has an explicit id, it is renumbered.
 */
const eleventyAnchors: Slugger = (headings) => {
  const uses = new Map<string, number>();
  const owner = new Map<string, number>();
  const anchors: string[] = [];
  headings.forEach(({ text, explicitId }, index) => {
    const slug = explicitId ?? slugEleventy(text);
    const count = (uses.get(slug) ?? 0) + 1;
    uses.set(slug, count);
    const numbered = count === 1 ? slug : `${slug}-${count}`;
    if (explicitId === null) {
      anchors.push(numbered);
      owner.set(numbered, index);
      return;
    }
    anchors.push(slug);
    const earlier = owner.get(slug);
    if (count > 1 && earlier !== undefined) {
      anchors[earlier] = numbered;
      owner.delete(slug);
      owner.set(numbered, earlier);
    }
  });
  return anchors;
};

/** `none` uses GitHub's slugs too, because chunk ids need a name for their heading. */
const SLUGGERS: Readonly<Record<SluggerName, Slugger>> = {
  github: numberedFromOne(slugGithub),
  vitepress: numberedFromOne(slugVitepress),
  eleventy: eleventyAnchors,
  none: numberedFromOne(slugGithub),
};

/** The ids that the host gives to the headings of one page, in order. */
export function anchorsOf(slugger: SluggerName, headings: readonly SlugSource[]): string[] {
  const apart = Map.groupBy(headings, ({ partial = null }) => partial);
  const next = new Map(
    [...apart].map(([partial, its]) => [partial, SLUGGERS[slugger](its).values()]),
  );
  return headings.map(({ partial = null }) => next.get(partial)?.next().value ?? "");
}

/** Whether the host gives headings of this depth an id. Docusaurus counts an `h1`, but shows no id. */
export const givesId = (
  { slugger, host }: Pick<Page, "slugger" | "host">,
  depth: number,
): boolean => slugger !== "none" && !(host === "docusaurus" && depth === 1);
