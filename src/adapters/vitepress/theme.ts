import { fileURLToPath } from "node:url";
import { ownFile, ownModule } from "../../words/own-files.ts";
import { slashed } from "../../words/slashed-path.ts";
import { virtualModule, type ModulePlugin } from "../virtual-module.ts";

/** The part of a Vite plugin with which siterag puts its components into VitePress's default theme. */
export interface ThemePlugin {
  readonly name: string;
  readonly enforce: "pre";
  readonly resolveId: (
    this: ResolveContext,
    id: string,
    importer?: string,
  ) => Promise<string | null>;
}

interface ResolveContext {
  resolve(
    id: string,
    importer?: string,
    options?: { readonly skipSelf: boolean },
  ): Promise<{ readonly id: string } | null>;
}

/** Folder of the components, as the bundler reads them. */
export const COMPONENTS: string = fileURLToPath(ownFile("adapters/vitepress/client/"));

/** The module of the components, by the name under which themes import them. */
const CLIENT = "siterag/vitepress/client";
const FOOTER = "virtual:siterag/vitepress-footer";

/** Components of the default theme, and what replaces them. */
const REPLACED: ReadonlyMap<string, "nav-search" | "doc-footer"> = new Map([
  ["VPNavBarSearch.vue", "nav-search"],
  ["VPDocFooter.vue", "doc-footer"],
]);

/** Which of the theme's components are replaced. */
export interface ReplacedComponents {
  readonly search: boolean;
  readonly related: boolean;
}

/**
 * A Vite plugin that replaces components of the default theme, and gives them the original where they show it
 * too. What a site has put in their place itself stays.
 */
export function themePlugin(replaced: () => ReplacedComponents): ThemePlugin {
  let footer: string | null = null;
  return {
    name: "siterag:theme",
    enforce: "pre",
    async resolveId(id, importer) {
      if (id === CLIENT) return component("components");
      if (id === FOOTER) return footer;
      const name = REPLACED.get(id.slice(id.lastIndexOf("/") + 1));
      if (name === undefined) return null;
      const { related, search } = replaced();
      if (name === "nav-search" ? !search : !related) return null;
      const original = await this.resolve(id, importer, { skipSelf: true });
      if (original === null || !OF_DEFAULT_THEME.test(original.id)) return null;
      if (name === "doc-footer") footer = original.id;
      return component(name);
    },
  };
}

const OF_DEFAULT_THEME = /[\\/]vitepress[\\/]dist[\\/]client[\\/]theme-default[\\/]/;

/** As Vite spells paths, on Windows too. */
const spelled = (file: URL): string => slashed(fileURLToPath(file));

const component = (name: string): string => spelled(ownModule(`adapters/vitepress/client/${name}`));

/** What the components show. */
export interface ThemeFacts {
  /** The words of the interface, by locale of VitePress. */
  readonly labels: Readonly<Record<string, object>>;
  readonly relatedHeadings: Readonly<Record<string, string>>;
  readonly searchPage: string | null;
  /** Related pages shown below each page. */
  readonly related: number;
  /** In a dev server the related pages change while pages stay open, so page data does not have them. */
  readonly isDev: boolean;
}

export const NO_FACTS: ThemeFacts = {
  labels: {},
  relatedHeadings: {},
  searchPage: null,
  related: 0,
  isDev: false,
};

/** The module that tells the components what to show. */
export const factsModule = (facts: () => ThemeFacts): ModulePlugin =>
  virtualModule("virtual:siterag/vitepress", () => sourceOf(facts()));

function sourceOf({ isDev, labels, related, relatedHeadings, searchPage }: ThemeFacts): string {
  const texts = Object.entries(labels).map(([key, value]) => [key, JSON.stringify(value)]);
  return [
    // Not in the components: their types would import a style sheet, which TypeScript does not find.
    `import ${JSON.stringify(`${slashed(COMPONENTS)}style.css`)};`,
    isDev ? `import { related } from "virtual:siterag";` : "",
    `export const labels = ${JSON.stringify(Object.fromEntries(texts))};`,
    `export const relatedHeadings = ${JSON.stringify(relatedHeadings)};`,
    `export const searchPage = ${JSON.stringify(searchPage)};`,
    isDev
      ? `export const relatedTo = (page, path) => related(path).slice(0, ${related});`
      : "export const relatedTo = ({ related }) => Array.isArray(related) ? related.filter((one) => typeof one?.url === 'string') : [];",
  ].join("\n");
}
