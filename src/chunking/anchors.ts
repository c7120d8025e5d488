import slugify from "@sindresorhus/slugify";
import { slug as slugGithub } from "github-slugger";
import type { SluggerName } from "../words/types.ts";

/** A heading, as input of a slugger. */
export interface SlugSource {
  /** Visible text of the heading, as the host extracts it. */
  readonly text: string;
  /** Id that the author wrote, or null. */
  readonly explicitId: string | null;
}

/** No part can match the same text as the part before it: a long heading would take quadratic time. */
const EXPLICIT_ID =
  /(?<![ \t])[ \t]*(?:\{#([^\s{}]+)(?:\s[^{}]*)?\}|\[#([^\s[\]]+)\]|\{\/\*\s*#([^\s*]+)\s*\*\/\})[ \t]*$/;

/** The id that the author wrote at the end of a heading, such as `{#id}`, and its offset; or null. */
export function findExplicitId(
  heading: string,
): { readonly id: string; readonly offset: number } | null {
  const match = EXPLICIT_ID.exec(heading);
  const id = match?.[1] ?? match?.[2] ?? match?.[3];
  if (match === null || id === undefined) return null;
  // `[#123]` is an issue number.
  return match[2] !== undefined && /^\d+$/.test(id) ? null : { id, offset: match.index };
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

/** Slug as Eleventy's `slugify` filter makes it; a typographic apostrophe counts as a plain one. */
const slugEleventy = (text: string): string =>
  slugify(text.replaceAll("’", "'"), { decamelize: false });

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
export const anchorsOf = (slugger: SluggerName, headings: readonly SlugSource[]): string[] =>
  SLUGGERS[slugger](headings);
