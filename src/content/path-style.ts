import { slug as githubSlug } from "github-slugger";

/**
 * How a host makes a path from a file's place and its frontmatter. `plain`: as the file lies
 * (VitePress, Rspress, Jekyll); the others as the host of that name.
 */
export type PathStyle = "plain" | "starlight" | "docusaurus" | "eleventy";

/** The habits of a host, one entry a difference. */
export interface PathHabits {
  /** What a folder or file name (without extension) is called in the path. */
  readonly segment: (name: string) => string;
  /** Whether a file stands for the folder it is in. */
  readonly isIndex: (name: string, folder: string | undefined) => boolean;
  /** What a `slug` without leading slash is relative to; null: the host knows no `slug`. */
  readonly slugFrom: "root" | "folder" | null;
  /** Frontmatter key that replaces the file name, if the host has one. */
  readonly nameKey: string | null;
  /** Whether a folder's own page keeps its slash (`/guide/`) where other pages have none. */
  readonly indexSlash: boolean;
}

/**
 * Docusaurus's default parser for number prefixes (plugin-content-docs, numberPrefix.ts): `01-x`,
 * `2. x`, `003 - x`, but neither dates (`2024-01-x`) nor versions (`7.0-x`).
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
  /** Astro's glob loader makes a slug of every segment; Starlight takes `slug` for the whole path. */
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
