import { createElement } from "react";
import Head from "@docusaurus/Head";
import { PageMetadata } from "@docusaurus/theme-common";
import Layout from "@theme/Layout";
import siteragLabels from "@theme/SiteragLabels";
import { useSiteSearch } from "siterag/docusaurus/client";

/** The page with all results, which has the question in `?q=`. */
export default function SearchPage(): unknown {
  const { search } = siteragLabels();
  const robots = createElement("meta", { name: "robots", content: "noindex, follow" });
  return createElement(
    Layout,
    null,
    createElement(PageMetadata, { title: search }),
    createElement(Head, null, robots),
    createElement(
      "div",
      { className: "container margin-vert--lg" },
      createElement("h1", null, search),
      createElement(Results),
    ),
  );
}

/** Inside the layout, which knows the version that a reader has chosen. */
function Results(): unknown {
  return createElement("siterag-search-page", useSiteSearch(siteragLabels()));
}
