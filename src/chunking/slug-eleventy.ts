import slugify from "@sindresorhus/slugify";

/** Slug as Eleventy's `slugify` filter makes it; a typographic apostrophe counts as a plain one. */
function slugEleventy(text: string): string {
  return slugify(text.replaceAll("’", "'"), { decamelize: false });
}

/**
 * Ids as Eleventy's IdAttributePlugin assigns them. Duplicates are numbered from 2, without a check
 * that the numbered id is free. If an earlier heading already has an explicit id, it is renumbered.
 */
export function eleventyAnchors(
  headings: readonly { readonly text: string; readonly explicitId: string | null }[],
): string[] {
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
}
