const SAFE = { eject: "safe", wrap: "safe" } as const;

/** Which components of the theme a site may replace or wrap with `docusaurus swizzle siterag`. */
export const swizzleConfig = {
  components: {
    SearchBar: {
      actions: SAFE,
      description: "The search box in the navigation bar: the custom element <siterag-search>.",
    },
    SearchPage: {
      actions: SAFE,
      description: "The page with all results: the custom element <siterag-search-page>.",
    },
    SiteragLabels: {
      actions: { eject: "forbidden", wrap: "forbidden" },
      description: "The words of the search; change them with `docusaurus write-translations`.",
    },
    SiteragRelated: {
      actions: SAFE,
      description:
        "The links to related pages below a page; takes `links`, each with url and title.",
    },
    "DocItem/Footer": {
      actions: { eject: "unsafe", wrap: "safe" },
      description: "The footer of a page of docs, below its related pages.",
    },
  },
} as const;
