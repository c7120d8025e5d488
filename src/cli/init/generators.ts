import type { ResolvedConfig } from "../../config/schema.ts";
import type { Project } from "./project.ts";

/** The settings that depend on the site generator. */
export type SiteSettings = Pick<
  ResolvedConfig["content"],
  "root" | "baseUrl" | "urlStyle" | "pathStyle" | "slugger"
>;

interface Generator {
  readonly name: string;
  /** Any of these dependencies identifies it, … */
  readonly packages: readonly string[];
  /** … and so does any of these files. */
  readonly configFiles: readonly string[];
  /** Reads the settings from the text of the project's configuration ("" if there is none). */
  readonly settings: (project: Project, config: string) => SiteSettings;
}

const scripts = (stem: string): readonly string[] =>
  ["ts", "mts", "js", "mjs", "cjs"].map((extension) => `${stem}.${extension}`);

const ASTRO_ROOTS = ["src/content/docs", "src/content", "src/pages"];
const PLAIN_ROOTS = ["docs", "doc", "documentation", "content"];

const GENERATORS: readonly Generator[] = [
  {
    name: "Astro",
    packages: ["astro", "@astrojs/starlight"],
    configFiles: scripts("astro.config"),
    settings: (project, config) => {
      const root = firstFolder(project, ASTRO_ROOTS);
      return {
        root,
        baseUrl: asFolder(stringOf(config, "base") ?? "/"),
        urlStyle: astroUrlStyle(config),
        pathStyle: root === "src/pages" ? "plain" : "starlight",
        slugger: "github",
      };
    },
  },
  {
    name: "Docusaurus",
    packages: ["@docusaurus/core"],
    configFiles: scripts("docusaurus.config"),
    settings: (_project, config) => {
      const docs = /\bdocs:\s*\{([^}]*)/.exec(config)?.[1] ?? "";
      const base = stringOf(config, "baseUrl") ?? "/";
      return {
        root: stringOf(docs, "path") ?? "docs",
        baseUrl: asFolder(`${base}/${stringOf(docs, "routeBasePath") ?? "docs"}`),
        urlStyle: /\btrailingSlash:\s*true\b/.test(config) ? "directory" : "clean",
        pathStyle: "docusaurus",
        slugger: "github",
      };
    },
  },
  {
    name: "VitePress",
    packages: ["vitepress"],
    configFiles: [...scripts("docs/.vitepress/config"), ...scripts(".vitepress/config")],
    settings: (project, config) => ({
      root: joined(project.has(".vitepress") ? "." : "docs", stringOf(config, "srcDir")),
      baseUrl: asFolder(stringOf(config, "base") ?? "/"),
      urlStyle: /\bcleanUrls:\s*true\b/.test(config) ? "clean" : "html",
      pathStyle: "plain",
      slugger: "vitepress",
    }),
  },
  {
    name: "Eleventy",
    packages: ["@11ty/eleventy"],
    configFiles: [...scripts("eleventy.config"), ".eleventy.js"],
    settings: (_project, config) => ({
      root: joined(".", stringOf(config, "input") ?? inputDirectory(config)),
      baseUrl: asFolder(stringOf(config, "pathPrefix") ?? "/"),
      urlStyle: "directory",
      pathStyle: "eleventy",
      slugger: /\bIdAttributePlugin\b/.test(config) ? "eleventy" : "none",
    }),
  },
];

/** Finds the site's generator, null if none is known, by its packages, else by its files. */
export async function detectSite(
  project: Project,
): Promise<{ readonly generator: string | null; readonly settings: SiteSettings }> {
  const found =
    GENERATORS.find(({ packages }) => packages.some((name) => project.packages.has(name))) ??
    GENERATORS.find(({ configFiles }) => configFiles.some(project.has));
  if (found === undefined) {
    const root = firstFolder(project, PLAIN_ROOTS);
    const plain = { urlStyle: "directory", pathStyle: "plain", slugger: "github" } as const;
    return { generator: null, settings: { root, baseUrl: "/", ...plain } };
  }
  const config = await project.read(found.configFiles);
  return { generator: found.name, settings: found.settings(project, config) };
}

function astroUrlStyle(config: string): SiteSettings["urlStyle"] {
  if (stringOf(config, "format") === "file") return "html";
  return stringOf(config, "trailingSlash") === "never" ? "clean" : "directory";
}

const firstFolder = (project: Project, folders: readonly string[]): string =>
  folders.find(project.has) ?? folders[0] ?? "docs";

/**
 * The value of `key: "…"` in a script. The script is not run, because it may need a whole build. If
 * this misses a value, the user corrects one line of the configuration.
 */
function stringOf(script: string, key: string): string | undefined {
  const withoutComments = script.replaceAll(/^\s*\/\/.*$/gm, "");
  return new RegExp(`\\b${key}:\\s*["'\`]([^"'\`$]+)["'\`]`).exec(withoutComments)?.[1];
}

const inputDirectory = (config: string): string | undefined =>
  /\bsetInputDirectory\(\s*["'`]([^"'`$]+)["'`]/.exec(config)?.[1];

/** `/docs` → `/docs/` */
const asFolder = (base: string): string => `/${base}/`.replaceAll(/\/{2,}/g, "/");

function joined(folder: string, below: string | undefined): string {
  const path = (below ?? "").replace(/^\.?\//, "").replace(/\/$/, "");
  if (path === "" || path === ".") return folder;
  return folder === "." ? path : `${folder}/${path}`;
}
