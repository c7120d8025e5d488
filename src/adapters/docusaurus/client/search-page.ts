import useDocusaurusContext from "@docusaurus/useDocusaurusContext";

/** The address of the search page; undefined: the site has none. */
export function useSearchPage(): string | undefined {
  const { baseUrl, themeConfig, trailingSlash } = useDocusaurusContext().siteConfig;
  const path = pathIn(themeConfig["siterag"]);
  if (path === false) return undefined;
  return `${baseUrl}${path.replace(/^\/|\/$/g, "")}${trailingSlash === true ? "/" : ""}`;
}

/** `searchPagePath` of `themeConfig.siterag`, which siterag has checked. */
function pathIn(settings: unknown): string | false {
  const isGiven = typeof settings === "object" && settings !== null && "searchPagePath" in settings;
  const path = isGiven ? settings.searchPagePath : "search";
  return typeof path === "string" ? path : false;
}
