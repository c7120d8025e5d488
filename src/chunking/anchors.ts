import { slug as slugGithub } from "github-slugger";
import type { SluggerName } from "../words/types.ts";
import { eleventyAnchors } from "./slug-eleventy.ts";
import { slugVitepress } from "./slug-vitepress.ts";

/** A heading, as input of a slugger. */
export interface SlugSource {
  /** Visible text of the heading, as the host extracts it. */
  readonly text: string;
  /** Id that the author wrote, or null. */
  readonly explicitId: string | null;
}

/**
 * Numbers duplicates as github-slugger and markdown-it-anchor do: with the first free of `-1`, `-2`
 * …, counted for each slug. An explicit id stays as it is, and no later slug can use it.
 */
function numberedFromOne(slug: (text: string) => string) {
  return (headings: readonly SlugSource[]): string[] => {
    const taken = new Set<string>();
    const lastNumber = new Map<string, number>();
    return headings.map(({ text, explicitId }) => {
      const base = explicitId ?? slug(text);
      let anchor = base;
      let number = lastNumber.get(base) ?? 0;
      if (explicitId === null) {
        while (taken.has(anchor)) {
          number += 1;
          anchor = `${base}-${number}`;
        }
      }
      lastNumber.set(base, number);
      taken.add(anchor);
      return anchor;
    });
  };
}

/** `none` uses GitHub's slugs too, because chunk ids need a name for their heading. */
const ANCHORS: Readonly<Record<SluggerName, (headings: readonly SlugSource[]) => string[]>> = {
  github: numberedFromOne(slugGithub),
  vitepress: numberedFromOne(slugVitepress),
  eleventy: eleventyAnchors,
  none: numberedFromOne(slugGithub),
};

/** The ids that the host gives to the headings of one page, in order. */
export function anchorsOf(slugger: SluggerName, headings: readonly SlugSource[]): string[] {
  return ANCHORS[slugger](headings);
}
