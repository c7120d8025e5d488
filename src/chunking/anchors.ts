import { slug as slugGithub } from "github-slugger";
import type { SluggerName } from "../words/types.ts";
import { eleventyAnchors } from "./slug-eleventy.ts";
import { slugVitepress } from "./slug-vitepress.ts";

/** A heading as a slugger sees it. */
export interface SlugSource {
  /** Visible text of the heading, as the host reads it. */
  readonly text: string;
  /** Id that the author wrote, or null. */
  readonly explicitId: string | null;
}

/**
 * How github-slugger and markdown-it-anchor number duplicates: the first free of `-1`, `-2` …,
 * each slug counting on from its last number. An explicit id is kept and taken.
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

/** `none` borrows GitHub's slugs, so that chunk ids still name their heading. */
const ANCHORS: Readonly<Record<SluggerName, (headings: readonly SlugSource[]) => string[]>> = {
  github: numberedFromOne(slugGithub),
  vitepress: numberedFromOne(slugVitepress),
  eleventy: eleventyAnchors,
  none: numberedFromOne(slugGithub),
};

/** The ids that the host gives to all headings of one page, in order. */
export function anchorsOf(slugger: SluggerName, headings: readonly SlugSource[]): string[] {
  return ANCHORS[slugger](headings);
}
