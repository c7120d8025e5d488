/**
 * Whether a `<meta>` keeps its page out of the index: `robots` out of every search, not `googlebot` out of
 * one; `rag`, which the frontmatter has for pages that are read from the source, out of siterag's.
 */
export function saysNoIndex(name: string | null, content: string | null): boolean {
  if (name?.toLowerCase() === "rag") return content?.trim().toLowerCase() === "false";
  return name?.toLowerCase() === "robots" && NO_INDEX.test(content ?? "");
}

/** `max-image-preview: none` is another rule. */
const NO_INDEX = /(?<!:\s*|[\w-])(?:noindex|none)(?![\w-])/i;
