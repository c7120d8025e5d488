import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Nodes } from "hast";
import rehypeRaw from "rehype-raw";
import { unified } from "unified";

/** The hosts whose own Markdown renderers the bench knows. */
export type RenderedHost = "astro" | "docusaurus" | "vitepress";

/** Renders files of a site as its host does. */
export interface Renderer {
  /** Null for a file that this renderer does not read. Throws on what the host refuses, too. */
  readonly render: (file: string) => Promise<Nodes | null>;
  readonly close: () => Promise<void>;
}

const PACKAGES = new URL("../hosts/", import.meta.url);

/** Imports a file of a host's package. They have a folder of their own, so that only this bench installs them. */
const packaged = (path: string) => {
  if (!existsSync(new URL("node_modules", PACKAGES)))
    execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: PACKAGES, stdio: "inherit" });
  return import(new URL(`node_modules/${path}`, PACKAGES).href);
};

const HTML = unified().use(rehypeRaw).freeze();

const treeOf = (html: string): Nodes =>
  HTML.runSync({ type: "root", children: [{ type: "raw", value: html }] });

interface VitePressServer {
  readonly config: { readonly plugins: readonly VitePressPlugin[] };
  close(): Promise<void>;
}

interface VitePressPlugin {
  readonly name: string;
  transform?(code: string, file: string): Promise<{ readonly code?: string } | string>;
}

interface VitePressToken {
  readonly type: string;
  attrGet(name: string): string | null;
}

interface VitePressMarkdown {
  parse(source: string, environment: object): readonly VitePressToken[];
}

/** Heading ids of a Markdown page as VitePress assigns them. */
export async function vitepressAnchors(): Promise<(source: string) => string[]> {
  const { createMarkdownRenderer } = await packaged("vitepress/dist/node/index.js");
  const markdown: VitePressMarkdown = await createMarkdownRenderer(tmpdir());
  return (source) =>
    markdown
      .parse(source, { path: join(tmpdir(), "page.md") })
      .filter(({ type }) => type === "heading_open")
      .map((token) => token.attrGet("id") ?? "");
}

/** No log, and no search for packages that pages import. */
const QUIET = { logLevel: "silent", optimizeDeps: { noDiscovery: true } };

/** VitePress's own plugin makes the template of a page, with all that the page includes. */
async function vitepress(folder: string): Promise<Renderer> {
  const root = mkdtempSync(join(tmpdir(), "siterag-vitepress-"));
  mkdirSync(join(root, ".vitepress"));
  const config = { srcDir: resolve(folder), ignoreDeadLinks: true, vite: QUIET };
  const written = `export default ${JSON.stringify(config)}`;
  writeFileSync(join(root, ".vitepress/config.mjs"), written);
  const { createServer } = await packaged("vitepress/dist/node/index.js");
  const quiet = { middlewareMode: true, watch: null, ws: false, hmr: false };
  const server: VitePressServer = await createServer(root, quiet);
  const plugin = server.config.plugins.find(({ name }) => name === "vitepress");
  const transform = async (source: string, file: string): Promise<string> => {
    const bound = plugin?.transform?.bind({ ...plugin, addWatchFile() {} });
    const made = await bound?.(source, file);
    return typeof made === "object" ? (made.code ?? "") : (made ?? "");
  };
  return {
    async render(file) {
      const source = readFileSync(file, "utf8");
      // VitePress refuses a page that shows a file which the site does not have.
      const code = await transform(source, file).catch(() =>
        transform(source.replace(/^[ \t]*<<<.*$/gm, ""), file),
      );
      // Slots of Vue are templates that are shown.
      return treeOf(code.replace(/<(\/?)template\b/g, "<$1div"));
    },
    async close() {
      await server.close();
      rmSync(root, { recursive: true });
    },
  };
}

export const FRONTMATTER: RegExp = /^\uFEFF?---[ \t]*\r?\n(?:[\s\S]*?\r?\n)?---[ \t]*(?:\r?\n|$)/;

async function astro(): Promise<Renderer> {
  const { createSatteriMarkdownProcessor } = await packaged(
    "@astrojs/markdown-satteri/dist/index.js",
  );
  const processor = await createSatteriMarkdownProcessor({
    syntaxHighlight: false,
    features: { directive: true },
  });
  return {
    async render(file) {
      if (file.endsWith(".mdx")) return null;
      const { code } = await processor.render(readFileSync(file, "utf8").replace(FRONTMATTER, ""));
      return treeOf(String(code));
    },
    close: () => Promise.resolve(),
  };
}

const DOCUSAURUS = {
  admonitions: true,
  staticDirs: [],
  siteDir: tmpdir(),
  markdownConfig: {
    format: "mdx",
    emoji: true,
    mermaid: false,
    anchors: { maintainCase: false },
    mdx1Compat: { comments: true, admonitions: true, headingIds: true },
    hooks: { onBrokenMarkdownLinks: "ignore", onBrokenMarkdownImages: "ignore" },
    remarkRehypeOptions: {},
  },
};

async function docusaurus(): Promise<Renderer> {
  const { compileToJSX } = await packaged("@docusaurus/mdx-loader/lib/utils.js");
  let shown: Nodes = { type: "root", children: [] };
  const keep = () => (tree: Nodes) => {
    shown = tree;
  };
  const options = { ...DOCUSAURUS, rehypePlugins: [keep] };
  return {
    async render(filePath) {
      const fileContent = readFileSync(filePath, "utf8");
      await compileToJSX({
        filePath,
        fileContent,
        frontMatter: {},
        options,
        compilerName: "client",
      });
      return shown;
    },
    close: () => Promise.resolve(),
  };
}

export const RENDERERS: Readonly<Record<RenderedHost, (folder: string) => Promise<Renderer>>> = {
  astro,
  docusaurus,
  vitepress,
};

export const isRenderedHost = (name: unknown): name is RenderedHost =>
  typeof name === "string" && Object.hasOwn(RENDERERS, name);
