/** MiniSearch as a careful site sets it: stop words dropped, and the page's title a field of its own. */
import MiniSearch from "minisearch";
import { firstPages } from "./first-pages.mjs";

export function rank({ sections, queries, limit, options }) {
  const stopWords = new Set(options.stopWords);
  const processTerm = (term) => {
    const lower = term.toLowerCase();
    return stopWords.has(lower) ? null : lower;
  };
  const index = new MiniSearch({
    fields: ["heading", "title", "trail", "text"],
    storeFields: ["page"],
    processTerm,
    searchOptions: { fuzzy: 0.2, prefix: true, boost: options.boost },
  });
  index.addAll(
    sections.map(({ heading, page, text, title, trail }, id) => ({
      id,
      page,
      heading: heading ?? "",
      title,
      trail: trail.join(" "),
      text,
    })),
  );
  return queries.map((query) =>
    firstPages(
      index.search(query).map(({ page }) => page),
      limit,
    ),
  );
}
