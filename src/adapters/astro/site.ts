import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SiteragConfig } from "../../providers/load-config.ts";
import { wayFrom } from "../../words/slashed-path.ts";
import { basePath } from "../base-path.ts";
import type { OtherIntegration } from "./sitemap.ts";
import { astroContent, starlightContent } from "./content.ts";

/** What decides how addresses end. */
interface AddressSettings {
  readonly trailingSlash: "always" | "never" | "ignore";
  readonly build: { readonly format: "directory" | "file" | "preserve" };
}

/** The part of Astro's configuration that siterag reads, once Astro has filled in its defaults. */
export interface AstroConfig extends AddressSettings {
  readonly root: URL;
  readonly srcDir: URL;
  readonly outDir: URL;
  readonly base: string;
  readonly build: AddressSettings["build"] & { readonly client: URL };
  readonly i18n?: AstroLanguages | undefined;
  readonly integrations: readonly OtherIntegration[];
}

interface AstroLanguages {
  readonly defaultLocale: string;
  readonly locales: readonly AstroLanguage[];
  readonly routing?: "manual" | { readonly prefixDefaultLocale: boolean };
}

type AstroLanguage = string | { readonly path: string; readonly codes: readonly string[] };

/** The configuration with the folder of the HTML as its `outDir`: beside a server, Astro has one for browsers. */
export const withHtmlFolder = (config: AstroConfig, isServer: boolean): AstroConfig =>
  isServer ? { ...config, outDir: config.build.client } : config;

/** What Astro's configuration says about the pages of a site. */
export function foundInAstro(config: AstroConfig): SiteragConfig {
  const root = fileURLToPath(config.root);
  const srcDir = fileURLToPath(config.srcDir);
  const content = isStarlight(config) ? starlightContent(srcDir) : astroContent(srcDir);
  return {
    content: {
      ...content,
      root: wayFrom(root, join(srcDir, content.root ?? "")),
      site: wayFrom(root, fileURLToPath(config.outDir)),
      baseUrl: basePath(config.base),
      urlStyle: urlStyle(config),
      slugger: "github",
      locales: localesOf(config.i18n),
    },
  };
}

const isStarlight = ({ integrations }: AstroConfig): boolean =>
  integrations.some(({ name }) => name === "@astrojs/starlight");

/** The end of each address but the home page's. */
export const pageEnd = (config: AddressSettings): string =>
  ({ directory: "/", clean: "", html: ".html" })[urlStyle(config)];

function urlStyle({ build, trailingSlash }: AddressSettings): "directory" | "clean" | "html" {
  if (build.format !== "directory") return "html";
  return trailingSlash === "never" ? "clean" : "directory";
}

/** The language of each folder; of `.`, the main language, where it has no folder of its own. */
function localesOf(languages: AstroLanguages | undefined): Record<string, string> {
  return Object.fromEntries(
    languageFolders(languages).map(({ folder, language }) => [folder || ".", language]),
  );
}

/** The languages of a site with their folders, which begin the addresses too; "": the main one has none. */
export function languageFolders(
  languages: AstroLanguages | undefined,
): readonly { readonly folder: string; readonly language: string }[] {
  if (languages === undefined) return [];
  const { defaultLocale, locales, routing = { prefixDefaultLocale: false } } = languages;
  const isPrefixed = routing !== "manual" && routing.prefixDefaultLocale;
  return locales.map((locale) => {
    const { path, codes } = typeof locale === "string" ? { path: locale, codes: [locale] } : locale;
    const folder = path === defaultLocale && !isPrefixed ? "" : path;
    return { folder, language: codes[0] ?? path };
  });
}
