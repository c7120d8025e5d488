import type { SiteragConfig } from "../../providers/load-config.js" with {
  "resolution-mode": "import",
};

declare namespace siterag {
  /** Options of the plugin: those of the configuration file, which they win over. */
  type Options = SiteragConfig & { readonly id?: string };
}

/**
 * Indexes the site when Docusaurus builds it, and gives it a search box, a search page and related pages:
 * `plugins: ["siterag/docusaurus"]`.
 */
declare function siterag(context: object, options: siterag.Options): { readonly name: string };

export = siterag;
