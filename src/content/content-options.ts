import type { SluggerName } from "../words/types.ts";
import type { UrlRules } from "./page-url.ts";

/** Where a site's files are. */
export interface ContentFiles {
  /** Absolute path. */
  readonly root: string;
  /** Globs below the root. */
  readonly include: readonly string[];
  /** Globs below the root that are left out. */
  readonly exclude: readonly string[];
}

/** How a site's files become pages. */
export interface ContentOptions extends ContentFiles, UrlRules {
  /** How the host makes ids of headings. */
  readonly slugger: SluggerName;
}
