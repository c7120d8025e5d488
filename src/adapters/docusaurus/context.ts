import { z } from "zod";
import type { HostSite } from "../host-site.ts";

/** The part of Docusaurus's `LoadContext` that siterag uses. */
export interface DocusaurusContext {
  /** Absolute, as all folders here. */
  readonly siteDir: string;
  readonly generatedFilesDir: string;
  /** Folder of the translations of this locale. */
  readonly localizationDir: string;
  readonly outDir: string;
  readonly siteConfigPath: string;
  /** With the locale: `/manual/ja/`. */
  readonly baseUrl: string;
  readonly i18n: {
    readonly currentLocale: string;
    readonly defaultLocale: string;
    readonly locales: readonly string[];
    readonly localeConfigs: Readonly<Record<string, { readonly htmlLang?: string }>>;
  };
  readonly siteConfig: DocusaurusConfig;
}

/** The part of `docusaurus.config` that siterag uses. */
export interface DocusaurusConfig {
  readonly trailingSlash?: boolean | undefined;
  readonly markdown: { readonly format?: unknown };
  readonly future: { readonly experimental_router?: string };
  readonly themeConfig: Readonly<Record<string, unknown>>;
  readonly presets: readonly unknown[];
  plugins: readonly unknown[];
  themes: readonly unknown[];
}

/** What `docusaurus.config` may say in `themeConfig.siterag`. */
const THEME = z.strictObject({
  /** Address of the search page below the base; false: no such page. */
  searchPagePath: z.union([z.string().min(1), z.literal(false)]).default("search"),
});

export type ThemeSettings = z.infer<typeof THEME>;

/** Checks `themeConfig.siterag`. Throws a sentence that names what is wrong. */
export function themeSettings(themeConfig: DocusaurusConfig["themeConfig"]): ThemeSettings {
  const checked = THEME.safeParse(themeConfig["siterag"] ?? {});
  if (checked.success) return checked.data;
  const [problem] = checked.error.issues;
  const key = ["themeConfig.siterag", ...(problem?.path ?? [])].join(".");
  throw new Error(`siterag: ${key}: ${problem?.message ?? "is wrong"}`);
}

/** The language of the pages of this build. */
export const languageOf = ({ i18n }: DocusaurusContext): string =>
  i18n.localeConfigs[i18n.currentLocale]?.htmlLang ?? i18n.currentLocale;

/** How siterag is told of a site, but for its pages. */
export const siteOf = (
  { siteDir }: DocusaurusContext,
  options: HostSite["options"],
  logger: HostSite["logger"],
): Omit<HostSite, "found" | "part"> => ({
  host: "docusaurus",
  root: siteDir,
  options,
  logger,
  environment: process.env,
});
