/** What VitePress knows of its pages: `guide_install.md` for `/guide/install.html`, in small letters. */
export type OwnPages = Readonly<Record<string, unknown>>;

/**
 * Whether VitePress's router opens a page at a path. HTML that VitePress only copies, from `public`, is no page of
 * its own.
 * @param base the path that all addresses begin with: `/docs/`
 * @param pages undefined: a dev server, where only the router knows
 */
export function isOwnPage(path: string, base: string, pages: OwnPages | undefined): boolean {
  if (pages === undefined) return true;
  if (!path.startsWith(base)) return false;
  const page = decoded(path.slice(base.length))?.replace(/\.html$|\/$/u, "");
  if (page === undefined) return false;
  const name = page.replaceAll("/", "_").replaceAll(SIGNS, "_").replace(/^_+/u, "").toLowerCase();
  const files = name === "" ? ["index.md"] : [`${name}.md`, `${name}_index.md`];
  return files.some((file) => Object.hasOwn(pages, file));
}

/** What VitePress has no sign of in the name of a page's script: Rollup's list. */
const SIGNS = /[\p{Cc}"#$&*+,:;<=>?[\]^`{|}]/gu;

/** Undefined where an address cannot be decoded: VitePress' router throws on it. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
