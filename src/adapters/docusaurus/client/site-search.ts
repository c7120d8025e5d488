import useDocusaurusContext from "@docusaurus/useDocusaurusContext";
import type { SearchLabels } from "../../../interface/labels.ts";
import { labelsAttribute } from "../../labels-attribute.ts";
import { useSiteNavigation } from "./navigation.ts";
import { useSearchPage } from "./search-page.ts";
import { useVersions } from "./versions.ts";

/**
 * A hook: the attributes of `<siterag-search>` and `<siterag-search-page>` on the page that is open, and a `ref` by
 * which a result opens without loading the whole site again.
 * @param labels the words of the interface in the language of the site
 */
export function useSiteSearch(labels: Partial<SearchLabels>): object {
  const { baseUrl } = useDocusaurusContext().siteConfig;
  return {
    ref: useSiteNavigation(),
    index: `${baseUrl}siterag/`,
    labels: labelsAttribute(labels),
    page: useSearchPage(),
    ...useVersions(),
  };
}
