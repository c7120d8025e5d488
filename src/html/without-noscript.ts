import type { Tag } from "./tags.ts";

/**
 * HTML in which `noscript` elements are empty, with the same offsets. A parser without scripts ends the
 * head at the first word in one, and takes it and all that follows for text of the page.
 *
 * @param tags Those of the HTML.
 */
export function withoutNoscript(html: string, tags: readonly Tag[]): string {
  const parts: string[] = [];
  let from = 0;
  let open: Tag | null = null;
  for (const tag of tags) {
    if (tag.name !== "noscript") continue;
    if (!tag.isEnd) open ??= tag;
    else if (open !== null) {
      parts.push(html.slice(from, open.end), " ".repeat(tag.start - open.end));
      from = tag.start;
      open = null;
    }
  }
  return parts.join("") + html.slice(from);
}
