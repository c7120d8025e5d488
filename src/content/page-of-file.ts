import { createHash } from "node:crypto";
import type { Page, SluggerName } from "../words/types.ts";
import { decodeText } from "./decode.ts";
import { homeText, type HomeText } from "./home-text.ts";
import { formatOf, hostOf, type MarkdownFormat } from "./host.ts";
import { splitFrontmatter, type SplitSource } from "./frontmatter.ts";
import { hidingKeys, isSelected, mayHide } from "./hidden-pages.ts";
import { countLineEnds } from "./line-ends.ts";
import type { ContentFiles } from "./discover.ts";
import { NO_PLACE, type PagePlace } from "./page-place.ts";
import type { PageRoutes } from "./page-routes.ts";
import type { FolderSettings } from "./page-places.ts";
import { pageUrl, type UrlRules } from "./page-url.ts";
import { textValue } from "./text-value.ts";

/** How a site's files become pages. */
export interface ContentOptions extends ContentFiles, UrlRules, FolderSettings {
  /** Pages that the host makes from route templates. */
  readonly routes: PageRoutes;
  /** How the host makes ids of headings. */
  readonly slugger: SluggerName;
  readonly format: MarkdownFormat;
}

/** A page and what was repaired while reading it: one sentence each, with the file. */
export interface PageOfFile {
  /** Null: the page does not belong in the index. */
  readonly page: Page | null;
  readonly warnings: readonly string[];
}

/**
 * Makes a page from a file's bytes. About a page that does not belong in the index it says nothing,
 * unless only a line of broken frontmatter says so. Pure.
 *
 * @param id Source path relative to the content root, with forward slashes.
 */
export function pageOfFile(
  id: string,
  bytes: Uint8Array,
  content: ContentOptions,
  place: PagePlace = NO_PLACE,
): PageOfFile {
  const decoded = decodeText(bytes, id);
  const source = splitFrontmatter(decoded.text);
  // A draft for one host is a draft.
  const isShown = [{}, ...source.readings].every((frontmatter) => isSelected({ id, frontmatter }));
  if (!isShown) return { page: null, warnings: [] };
  if (mayHide(source.unread)) {
    const warning = `${id}: ${source.problem} The page was left out, because its frontmatter has a line that hides a page (${hidingKeys.join(", ")}); correct the frontmatter.`;
    return { page: null, warnings: [warning] };
  }
  const home = hostOf(content) === "vitepress" ? homeText(source.data) : null;
  const page: Page = {
    id,
    url: content.pages?.[id] ?? urlOf(id, source.data, content, place),
    title: textValue(source.data["title"]) ?? titleBeside(source.body, home),
    ...bodyWith(home, source),
    format: formatOf(id, source.data, content),
    frontmatter: source.data,
    locale: textValue(source.data["locale"]) ?? textValue(source.data["lang"]) ?? place.locale,
    version: textValue(source.data["version"]) ?? place.version,
    slugger: content.slugger,
    host: hostOf(content),
    contentHash: createHash("sha256").update(bytes).digest("hex"),
  };
  if (source.problem === null) return { page, warnings: decoded.warnings };
  const warning = `${id}: ${source.problem} The page was read without its frontmatter; correct it.`;
  return { page, warnings: [...decoded.warnings, warning] };
}

/** The headline is the title where Markdown gives none. */
const titleBeside = (body: string, home: HomeText | null): string | null =>
  home === null || /^# /m.test(body) ? null : home.title;

/** The body below the text of a home page, whose lines end where the body begins. */
function bodyWith(
  home: HomeText | null,
  { body, bodyLine }: Pick<SplitSource, "body" | "bodyLine">,
): Pick<Page, "body" | "bodyLine"> {
  if (home === null) return { body, bodyLine };
  const { text } = home;
  return { body: text + body, bodyLine: Math.max(1, bodyLine - countLineEnds(text)) };
}

const urlOf = (
  id: string,
  frontmatter: Page["frontmatter"],
  content: ContentOptions,
  place: PagePlace,
): string =>
  // VitePress takes no address from the frontmatter.
  pageUrl(id, hostOf(content) === "vitepress" ? {} : frontmatter, content, place);
