import { slug as githubSlug } from "github-slugger";

/**
 * How a host makes a URL path from a file's path and its frontmatter. `plain`: the file path itself
 * (VitePress, Rspress, Jekyll); the others are named after their host.
 */
export type PathStyle = "plain" | "starlight" | "docusaurus" | "eleventy";

/** How hosts differ, one entry per difference. */
export interface PathHabits {
  /** The path segment for the name of a folder or of a file (without its extension). */
  readonly segment: (name: string) => string;
  /** Whether a file is the index page of its folder. */
  readonly isIndex: (name: string, folder: string | undefined) => boolean;
  /** What a `slug` without leading slash is relative to; null if the host has no `slug`. */
  readonly slugFrom: "root" | "folder" | null;
  /** Frontmatter key that replaces the file name, if the host has one. */
  readonly nameKey: string | null;
  /** Whether a folder's index page ends in a slash (`/guide/`) even where other pages do not. */
  readonly indexSlash: boolean;
}

/**
 * Number prefixes as Docusaurus parses them by default (plugin-content-docs, numberPrefix.ts):
 * `01-x`, `2. x`, `003 - x`, but neither dates (`2024-01-x`) nor versions (`7.0-x`).
 */
const NUMBER_PREFIX = /^(?!\d+[-_.]\d)\d+\s*[-_.]+\s*(?=[^-_.\s])/;

export const PATH_STYLES: Readonly<Record<PathStyle, PathHabits>> = {
  plain: {
    segment: (name) => name,
    isIndex: (name) => name === "index",
    slugFrom: "root",
    nameKey: null,
    indexSlash: true,
  },
  // Astro's glob loader slugs every segment; in Starlight, `slug` replaces the whole path.
  starlight: {
    segment: (name) => githubSlug(name),
    isIndex: (name) => githubSlug(name) === "index",
    slugFrom: "root",
    nameKey: null,
    indexSlash: false,
  },
  docusaurus: {
    segment: (name) => name.replace(NUMBER_PREFIX, ""),
    isIndex: (name, folder) =>
      ["index", "readme", folder?.toLowerCase()].includes(name.toLowerCase()),
    slugFrom: "folder",
    nameKey: "id",
    indexSlash: false,
  },
  eleventy: {
    segment: (name) => name,
    isIndex: (name, folder) => name === "index" || name === folder,
    slugFrom: null,
    nameKey: null,
    indexSlash: true,
  },
};
