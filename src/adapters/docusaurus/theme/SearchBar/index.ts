import { createElement } from "react";
import siteragLabels from "@theme/SiteragLabels";
import { useSiteSearch } from "siterag/docusaurus/client";

/** The search box in the navigation bar: a button and its dialog. */
export default function SearchBar(): unknown {
  return createElement("siterag-search", useSiteSearch(siteragLabels()));
}
