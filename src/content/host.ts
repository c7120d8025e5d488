import type { HostName, MarkdownGrammar, Page } from "../words/types.ts";
import { isRecord } from "../words/is-record.ts";
import type { UrlRules } from "./page-url.ts";

/** How pages are read: as the host does, by the extension, or all alike. */
export type MarkdownFormat = "host" | "detect" | MarkdownGrammar;

/** The settings that tell which host a site has, and how it reads Markdown. */
interface HostSettings extends Pick<UrlRules, "pathStyle"> {
  readonly slugger: Page["slugger"];
  readonly format: MarkdownFormat;
}

/** The host whose habits a site's settings describe; null if several have them. */
export function hostOf({ pathStyle, slugger }: Omit<HostSettings, "format">): HostName | null {
  if (pathStyle === "starlight") return "astro";
  if (pathStyle !== "plain") return pathStyle;
  return slugger === "vitepress" ? "vitepress" : null;
}

/**
 * The grammar of a page. Docusaurus reads `.md` as MDX too, unless the frontmatter of the page
 * (`mdx: { format: md }`) or `markdown.format` of the site says otherwise.
 */
export function formatOf(
  id: string,
  frontmatter: Readonly<Record<string, unknown>>,
  settings: HostSettings,
): MarkdownGrammar {
  const isDocusaurus = hostOf(settings) === "docusaurus";
  const { mdx, format: own } = frontmatter;
  const written = isRecord(mdx) ? mdx["format"] : own;
  const format = isDocusaurus && isFormat(written) ? written : settings.format;
  if (format === "md" || format === "mdx") return format;
  if (isDocusaurus && format !== "detect") return "mdx";
  return id.toLowerCase().endsWith(".mdx") ? "mdx" : "md";
}

const isFormat = (value: unknown): value is MarkdownFormat =>
  value === "md" || value === "mdx" || value === "detect";
