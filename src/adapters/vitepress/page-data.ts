import { isHidden } from "../../content/hidden-pages.ts";
import { isRecord } from "../../words/is-record.ts";
import type { SiteResults } from "../site-results.ts";
import type { PageData, VitePressConfig } from "./config.ts";

/**
 * Gives the data of each page the pages near it, as `related`, but none that this build does not make: the results
 * may be of the last index. What the site itself says wins.
 */
export function addPageData(config: VitePressConfig, { pages, related }: SiteResults): void {
  const { rewrites, transformPageData } = config;
  const nearest = new Map(pages.map((one) => [one.page, one.related]));
  // An index has pages by their sources, or by their files in the built site.
  const idsOf = (source: string): readonly string[] => [
    source,
    (rewrites.map[source] ?? source).replace(/\.md$/u, ".html"),
  ];
  const made = new Set(config.pages.flatMap(idsOf));
  config.transformPageData = async (page, context) => {
    markHidden(page);
    const { relativePath } = page;
    const links = idsOf(rewrites.inv[relativePath] ?? relativePath)
      .flatMap((id) => nearest.get(id) ?? [])
      .filter((near) => made.has(near.page))
      .slice(0, related)
      .map(({ title, url }) => ({ title, url }));
    const own = await transformPageData?.call(config, page, context);
    return { ...(links.length === 0 ? {} : { related: links }), ...(isRecord(own) ? own : {}) };
  };
}

/** Marks a page that belongs in no index in its HTML too: siterag may read that instead. */
function markHidden({ frontmatter }: PageData): void {
  if (!isHidden({ data: frontmatter, unread: "" })) return;
  const head: readonly unknown[] = Array.isArray(frontmatter["head"]) ? frontmatter["head"] : [];
  frontmatter["head"] = [...head, ["meta", { name: "rag", content: "false" }]];
}
