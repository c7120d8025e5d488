import slugify from "@sindresorhus/slugify";

/** The slug of Eleventy's `slugify` filter; a typographic apostrophe counts as a plain one. */
function slugEleventy(text: string): string {
  return slugify(text.replaceAll("’", "'"), { decamelize: false });
}

/**
 * Ids as Eleventy's IdAttributePlugin gives them: duplicates count from 2, a numbered id is not
 * looked up again, and an explicit id takes its name from an earlier heading, which is renamed.
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
