import { join } from "node:path";
import type {
  DocusaurusConfig,
  DocusaurusContext,
} from "../../../src/adapters/docusaurus/context.ts";

/** The configuration of a site that sets nothing, as Docusaurus fills it. */
export const EMPTY_CONFIG: DocusaurusConfig = {
  markdown: {},
  future: {},
  themeConfig: {},
  presets: [],
  plugins: [],
  themes: [],
};

/** What Docusaurus says of a site in one language, but for `config`. */
export const contextOf = (
  siteDir: string,
  config: Partial<DocusaurusConfig> = {},
): DocusaurusContext => ({
  siteDir,
  generatedFilesDir: join(siteDir, ".docusaurus"),
  localizationDir: join(siteDir, "i18n/en"),
  outDir: join(siteDir, "build"),
  siteConfigPath: join(siteDir, "docusaurus.config.js"),
  baseUrl: "/",
  i18n: { currentLocale: "en", defaultLocale: "en", locales: ["en"], localeConfigs: {} },
  siteConfig: { ...EMPTY_CONFIG, ...config },
});
