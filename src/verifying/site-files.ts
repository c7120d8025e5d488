import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ResolvedConfig } from "../config/schema.ts";
import { builtAddresses, canonicalBase, pathOf } from "../content/built-addresses.ts";
import { decodeText } from "../content/decode.ts";
import { requireFolder, type ContentFiles } from "../content/discover.ts";
import type { FileScan, KnownScans } from "../content/file-scans.ts";
import { pageFiles } from "../content/page-files.ts";
import { surveySite, type BuiltFile } from "../content/survey-site.ts";
import { stableHtml } from "../html/stable-html.ts";
import { SiteragError } from "../words/errors.ts";
import { pageUrl } from "../words/page-url.ts";

/** Most characters that are kept between the survey and the judgement, of a page about 20,000. */
const MOST_KEPT = 1 << 24;

/** The HTML files of a built site, and the addresses that a server gives them. */
export class SiteFiles {
  readonly all: readonly BuiltFile[];
  /** The scans that hold while the files are unchanged. */
  readonly lasting: readonly FileScan[];
  readonly #folder: string;
  /** Path of the base, with a slash at either end. */
  readonly #base: string;
  /** The same as the settings have it. */
  readonly #configured: string;
  readonly #byId: ReadonlyMap<string, BuiltFile>;
  readonly #byPath: ReadonlyMap<string | null, BuiltFile>;
  /** HTML that the survey has read, by id. */
  readonly #kept: Map<string, string>;

  private constructor(
    { folder, configured, baseUrl }: Readonly<Record<"folder" | "configured" | "baseUrl", string>>,
    all: readonly BuiltFile[],
    lasting: readonly FileScan[],
    kept: Map<string, string>,
  ) {
    this.all = all;
    this.lasting = lasting;
    this.#kept = kept;
    this.#folder = folder;
    this.#base = baseIn(baseUrl);
    this.#configured = baseIn(configured);
    this.#byId = new Map(all.map((file) => [file.id, file]));
    this.#byPath = new Map(all.map((file) => [pathOf(file.url), file]));
  }

  /** Throws USAGE if there is no HTML. `known` are earlier scans. */
  static async of(
    { content }: ResolvedConfig,
    warn: (message: string) => void,
    signal: AbortSignal | undefined,
    known: () => Promise<KnownScans>,
  ): Promise<SiteFiles> {
    const sources = siteOf(content);
    const report = { warn, fail: (_id: string, message: string) => warn(message) };
    const kept = new Map<string, string>();
    let room = MOST_KEPT;
    let lasting: readonly FileScan[] = [];
    const memory = {
      known,
      found: (scans: readonly FileScan[]) => void (lasting = scans),
      keep(id: string, stable: string) {
        room -= stable.length;
        if (room >= 0) kept.set(id, stable);
      },
    };
    const all = await surveySite(sources, content, report, signal, memory);
    if (all.length === 0) throw noBuild(`The folder ${sources.root} has no HTML.`);
    const baseUrl = baseOf(content, all);
    const urlOf = builtAddresses({ ...content, baseUrl }, scansOf(all));
    const addressed = all.map((file) => ({ ...file, url: urlOf(file.id) }));
    const folders = { folder: sources.root, configured: content.baseUrl, baseUrl };
    return new SiteFiles(folders, addressed, lasting, kept);
  }

  /** The HTML of a file without what never counts: half of many a page is navigation and drawings. */
  read({ id }: BuiltFile): string {
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    return kept ?? stableHtml(decodeText(readFileSync(join(this.#folder, id)), id).text);
  }

  /** The file that a server sends for the address of a page; null: there is none. */
  fileOf(url: string): BuiltFile | null {
    const own = this.#byPath.get(pathOf(pageUrl(url)));
    if (own !== undefined) return own;
    const written = decoded(url);
    // A site without last slashes has its home page at `/docs`.
    const path = `${written}/` === this.#base ? this.#base : written;
    if (!path.startsWith(this.#base)) return null;
    // The site may be built into the folder of its base.
    return this.#firstOf([path.slice(this.#base.length), path.slice(1)]);
  }

  /** The file where an address leads if another base is put in the place of the configured one. */
  fileBelow(url: string): BuiltFile | null {
    const path = decoded(url);
    const below = path.startsWith(this.#configured) ? this.#configured.length : 1;
    return this.#firstOf([path.slice(below)]);
  }

  /** The built page with that id; null if the page is read from a source. */
  ofPage(page: string): BuiltFile | null {
    return this.#byId.get(page) ?? null;
  }

  #firstOf(paths: readonly string[]): BuiltFile | null {
    const files = paths.flatMap(filesFor).map((id) => this.#byId.get(id));
    return files.find((file) => file !== undefined) ?? null;
  }
}

const scansOf = (files: readonly BuiltFile[]): FileScan[] => files.map(({ scan }) => scan);

/** The base of a site: as its canonical addresses have it, or else as configured. */
function baseOf({ baseUrl }: ResolvedConfig["content"], files: readonly BuiltFile[]): string {
  const told = canonicalBase(scansOf(files));
  if (told === null || told === baseIn(baseUrl)) return baseUrl;
  return URL.parse(told, baseUrl)?.href ?? told;
}

/** The path of a base, with a slash at either end. */
const baseIn = (baseUrl: string): string => `${decoded(baseUrl).replace(/\/$/u, "")}/`;

/** Throws USAGE if no built site is named, and CONTENT_ROOT_MISSING without its folder. */
export async function requireSite({ content }: ResolvedConfig): Promise<void> {
  await requireFolder(siteOf(content));
}

function siteOf(content: ResolvedConfig["content"]): ContentFiles {
  if (content.site === null) throw noBuild("No built site is named.");
  // Globs that leave pages out of the source are none of the built site's.
  const exclude = content.from === "html" ? content.exclude : [];
  return pageFiles({ ...content, from: "html", exclude });
}

/** The path of an address as the names of folders and files are written. */
function decoded(url: string): string {
  const path = pathOf(pageUrl(url)) ?? url;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function filesFor(path: string): string[] {
  if (path === "" || path.endsWith("/")) return [`${path}index.html`];
  return [path, `${path}.html`, `${path}/index.html`];
}

const noBuild = (what: string): SiteragError =>
  new SiteragError(
    "USAGE",
    `${what} \`siterag verify\` compares the index with the built site: build the site, and name its folder with --site or content.site.`,
  );
