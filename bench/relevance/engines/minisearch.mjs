/** MiniSearch with the settings of VitePress's local search. */
import MiniSearch from "minisearch";
import { firstPages } from "./first-pages.mjs";

/** VitePress 1.6, `src/client/theme-default/components/VPLocalSearchBox.vue`. */
const SEARCH = { fuzzy: 0.2, prefix: true, boost: { title: 4, text: 2, titles: 1 } };

export function rank({ sections, queries, limit }) {
  const index = new MiniSearch({
    fields: ["title", "titles", "text"],
    storeFields: ["page"],
    searchOptions: SEARCH,
  });
  index.addAll(
    sections.map(({ heading, page, text, title, trail }, id) => {
      const titles = heading === null ? [] : [title, ...trail];
      return { id, page, title: heading ?? title, titles: titles.join(" "), text };
    }),
  );
  return queries.map((query) =>
    firstPages(
      index.search(query).map(({ page }) => page),
      limit,
    ),
  );
}
