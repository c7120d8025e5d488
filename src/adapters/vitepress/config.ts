import { isRecord } from "../../words/is-record.ts";

/** The part of VitePress's resolved configuration that siterag reads and changes, in versions 1 and 2. */
export interface VitePressConfig {
  /** The folder that holds `.vitepress`. */
  readonly root: string;
  readonly srcDir: string;
  readonly outDir: string;
  readonly cleanUrls?: boolean;
  readonly site: VitePressSite;
  readonly userConfig: { readonly srcExclude?: readonly string[] };
  /** Pages by path below `srcDir`, those of dynamic routes too. */
  readonly pages: string[];
  readonly dynamicRoutes: readonly DynamicRoute[] | { readonly routes: readonly DynamicRoute[] };
  readonly rewrites: {
    readonly map: Readonly<Record<string, string | undefined>>;
    readonly inv: Readonly<Record<string, string | undefined>>;
  };
  readonly logger: { info(message: string): void; warn(message: string): void };
  readonly sitemap?: Sitemap;
  transformPageData?: TransformPageData;
  buildEnd?: (config: VitePressConfig) => unknown;
}

interface VitePressSite {
  readonly base: string;
  readonly lang: string;
  readonly head: unknown[];
  readonly locales: Readonly<Record<string, { readonly lang?: string }>>;
  readonly themeConfig?: unknown;
}

/** A page that VitePress makes from a template. */
export interface DynamicRoute {
  /** Path of the page below `srcDir`. */
  readonly path: string;
  /** Path of the template below `srcDir`. */
  readonly route: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly content?: string;
}

interface Sitemap {
  transformItems?: (items: SitemapItem[]) => SitemapItem[] | Promise<SitemapItem[]>;
}

interface SitemapItem {
  readonly url: string;
}

/** What VitePress knows of a page, and hands to the page itself. */
export interface PageData {
  readonly relativePath: string;
  readonly frontmatter: Record<string, unknown>;
}

type TransformPageData = (page: PageData, context: unknown) => unknown;

/** Whether a value is VitePress's configuration: Vite's has it under the key `vitepress`. */
export const isVitePressConfig = (value: unknown): value is VitePressConfig =>
  isRecord(value) && typeof value["srcDir"] === "string" && isRecord(value["site"]);

/** The pages of all dynamic routes. */
export const routesOf = ({ dynamicRoutes }: VitePressConfig): readonly DynamicRoute[] =>
  "routes" in dynamicRoutes ? dynamicRoutes.routes : dynamicRoutes;

/** The search that the site has set up for itself; null: none. */
export function ownSearch({ site }: VitePressConfig): string | null {
  const { themeConfig } = site;
  if (!isRecord(themeConfig)) return null;
  const { algolia, search } = themeConfig;
  if (isRecord(search) && typeof search["provider"] === "string") return search["provider"];
  return algolia === undefined ? null : "algolia";
}

/** The key of the locale that VitePress gives a page: `root`, or the folder that its address begins with. */
export function localeOf({ site }: VitePressConfig, relativePath: string): string {
  const keys = Object.keys(site.locales);
  return keys.find((key) => key !== "root" && relativePath.startsWith(`${key}/`)) ?? "root";
}

/** The language of a locale: what `<html lang>` says there, if the site names it. */
export function languageOf({ site }: VitePressConfig, locale: string): string {
  return site.locales[locale]?.lang ?? (locale === "root" ? site.lang : locale);
}
