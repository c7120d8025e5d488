import type { SiteragConfig } from "../../providers/load-config.ts";
import { astroIntegration, type SiteragIntegration } from "./integration.ts";

/**
 * Indexes the site when Astro builds it, writes its search beside the built pages, and searches it in the
 * dev server too. Layouts import `siterag/components/Search.astro` and `RelatedPages.astro`. `options` win
 * over the configuration file.
 */
export default function siterag(options: SiteragConfig = {}): SiteragIntegration {
  return astroIntegration({ host: "astro", options, searchPages: [], plugins: [] });
}
