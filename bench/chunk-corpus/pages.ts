import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { globSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import type { ReadReport } from "../../src/content/read-pages.ts";
import { readPages } from "../../test/support/read-pages.ts";
import { configSchema } from "../../src/providers/load-config.ts";
import type { Page, SluggerName } from "../../src/words/types.ts";
import { FRONTMATTER, type RenderedHost } from "./renderers.ts";

/** Packages that ship their documentation or many long READMEs. */
export const PACKAGES: readonly string[] = [
  "@mastra/core",
  "@slidev/cli",
  "@stdlib/math",
  "@stdlib/stats",
  "@wordpress/block-editor",
  "@wordpress/components",
  "ai",
  "fastify",
  "next",
  "npm",
];

const BLOCK = 512;

/** Text of a fixed-width field of a tar header. */
const field = (header: Buffer, start: number, length: number): string =>
  header.toString("utf8", start, start + length).replace(/\0.*$/s, "");

/** The Markdown files of a tarball, by path. */
function* markdownOf(archive: Buffer): Generator<readonly [path: string, content: Buffer]> {
  let longPath = "";
  for (let offset = 0; offset + BLOCK <= archive.length;) {
    const header = archive.subarray(offset, offset + BLOCK);
    const size = Number.parseInt(field(header, 124, 12), 8) || 0;
    const content = archive.subarray(offset + BLOCK, offset + BLOCK + size);
    const kind = field(header, 156, 1);
    const path = longPath || join(field(header, 345, 155), field(header, 0, 100));
    longPath = kind === "x" ? (/ path=([^\n]*)\n/.exec(content.toString("utf8"))?.[1] ?? "") : "";
    if (kind !== "x" && /\.mdx?$/i.test(path)) yield [path, content];
    offset += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** Downloads the Markdown of a package into a folder, once; returns the package's folder. */
export function fetchPackage(name: string, folder: string): string {
  const target = join(folder, name.replaceAll("/", "__"));
  if (existsSync(join(target, "complete"))) return target;
  mkdirSync(target, { recursive: true });
  const packed = execFileSync("npm", ["pack", name, "--silent"], { cwd: target, encoding: "utf8" });
  const tarball = join(target, packed.trim().split("\n").at(-1) ?? "");
  for (const [path, content] of markdownOf(gunzipSync(readFileSync(tarball)))) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), content);
  }
  rmSync(tarball);
  writeFileSync(join(target, "complete"), "");
  return target;
}

/** All Markdown pages of a folder, without frontmatter. */
export function* pagesOf(folder: string, slugger: SluggerName): Generator<Page> {
  for (const file of globSync("**/*.{md,mdx}", { cwd: folder }).toSorted()) {
    const text = readFileSync(join(folder, file), "utf8");
    const frontmatter = FRONTMATTER.exec(text)?.[0] ?? "";
    yield {
      id: relative(".", join(folder, file)),
      url: "/page/",
      title: null,
      body: text.slice(frontmatter.length).replace(/^\uFEFF/, ""),
      bodyLine: frontmatter.split("\n").length,
      format: file.endsWith(".mdx") ? "mdx" : "md",
      frontmatter: {},
      locale: null,
      version: null,
      slugger,
      host: null,
      contentHash: "",
    };
  }
}

/** How a site of each host is configured. */
const SETTINGS = {
  astro: { pathStyle: "starlight", slugger: "github" },
  docusaurus: { pathStyle: "docusaurus", slugger: "github" },
  vitepress: { slugger: "vitepress" },
} as const satisfies Record<RenderedHost, object>;

const QUIET: ReadReport = { warn() {}, warnOfAll() {}, tell() {}, fail() {} };

/** The pages of a host's site as siterag reads them, with what they include. */
export function pagesOfHost(folder: string, host: RenderedHost): AsyncIterable<Page> {
  const root = resolve(folder);
  const { content } = configSchema.parse({ content: { root, ...SETTINGS[host] } });
  return readPages(content, QUIET);
}
