import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isOutside, wayFrom } from "../words/slashed-path.ts";
import { decodeText } from "./decode.ts";
import { splitFrontmatter } from "./frontmatter.ts";
import { isHidden } from "./hidden-pages.ts";

/** Bounds on what one page includes, so that a cycle ends, and so does a file that includes itself twice. */
const MOST = { depth: 20, files: 1000, bytes: 10_000_000 };

/** A file as text, by lines. */
export interface IncludedFile {
  readonly path: string;
  readonly lines: readonly string[];
  /** 1-based line on which the text begins, behind the frontmatter. */
  readonly bodyLine: number;
}

/** Why nothing is inserted; null: the file is a draft, or else not for the index, and nothing is said. */
export interface NotIncluded {
  readonly failure: string | null;
}

/** Where the files are that a site's pages may include. */
export interface IncludeFolders {
  /** Absolute path of the content root. */
  readonly root: string;
  /** The host's project: the nearest folder above the root with a package file. */
  readonly site: string;
  /** The repository, else the outermost folder with a package file: no file outside is read. */
  readonly repository: string;
}

/** Finds the folders around a content root. */
export function includeFolders(root: string): IncludeFolders {
  let [site, repository] = ["", root];
  for (let folder = root; ; folder = dirname(folder)) {
    const isPackage = existsSync(join(folder, "package.json"));
    const isRepository = existsSync(join(folder, ".git"));
    if (isPackage && site === "") site = folder;
    if (isPackage || isRepository) repository = folder;
    if (isRepository || dirname(folder) === folder) break;
  }
  return { root, site: site === "" ? root : site, repository };
}

/** Reads the files that one page includes, each once, and hashes them in the order of the page. */
export class IncludedFiles {
  readonly folders: IncludeFolders;
  readonly #hash = createHash("sha256");
  readonly #read = new Map<string, ReadFile>();
  readonly #names = new Set<string>();
  #files = 0;
  #bytes = 0;

  constructor(folders: IncludeFolders, contentHash: string) {
    this.folders = folders;
    this.#hash.update(contentHash);
  }

  /** Paths from the content root of all files that were asked for, missing ones too. */
  get names(): readonly string[] {
    return [...this.#names];
  }

  /** sha-256 (hex) over the page and the files that it includes, missing ones too. */
  digest(): string {
    return this.#hash.digest("hex");
  }

  /**
   * @param path Absolute; null if it is not known.
   * @param from Absolute paths of the files in which the include stands, the outermost first.
   */
  async read(path: string | null, from: readonly string[]): Promise<IncludedFile | NotIncluded> {
    this.#files++;
    if (path === null) return { failure: UNKNOWN };
    const name = wayFrom(this.folders.root, path);
    this.#hash.update(`\n${name}\n`);
    this.#names.add(name);
    const refusal = this.#refusal(path, from);
    if (refusal !== null) return { failure: refusal };
    try {
      const known = this.#read.get(path) ?? (await readIncluded(path));
      this.#read.set(path, known);
      this.#bytes += known.size;
      if (this.#bytes > MOST.bytes) return { failure: TOO_MUCH };
      this.#hash.update(known.hash);
      return known.file;
    } catch (error) {
      return { failure: reasonOf(error) };
    }
  }

  /** Whether the page includes more files than are read; the others stay unread. */
  get isFull(): boolean {
    return this.#files > MOST.files;
  }

  #refusal(path: string, from: readonly string[]): string | null {
    if (from.includes(path)) return "it includes itself; remove one of the includes";
    if (from.length > MOST.depth)
      return `includes are nested more than ${MOST.depth} deep; nest fewer`;
    if (this.#files > MOST.files)
      return `a page includes at most ${MOST.files} files; split the page`;
    return isOutside(this.folders.repository, path) ? OUTSIDE : null;
  }
}

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "there is no such file; correct the path"],
  ["ENOTDIR", "there is no such file; correct the path"],
  ["EISDIR", "it is not a file; name one"],
  ["EACCES", "permission denied; make it readable"],
]);

function reasonOf(error: unknown): string {
  const code: unknown =
    typeof error === "object" && error !== null && "code" in error && error.code;
  return REASONS.get(code) ?? `the system reports ${String(code)}`;
}

const UNKNOWN = "it is in an expression, or its path does not begin with ./ or ../";
const TOO_MUCH = `a page includes at most ${MOST.bytes / 1_000_000} MB; split the page`;
const OUTSIDE = "it is outside the repository; move it into the site, or link it there";

interface ReadFile {
  readonly file: IncludedFile | NotIncluded;
  readonly size: number;
  readonly hash: Buffer;
}

/** Throws unless the path leads to a regular file, and not to a pipe, which would never end. */
async function readIncluded(path: string): Promise<ReadFile> {
  const found = await stat(path);
  const { size } = found;
  if (!found.isFile()) throw Object.assign(new Error("no file"), { code: "EISDIR" });
  if (size > MOST.bytes) return { file: { failure: TOO_MUCH }, size, hash: Buffer.alloc(0) };
  const bytes = await readFile(path);
  const hash = createHash("sha256").update(bytes).digest();
  return { file: fileOf(path, bytes), size, hash };
}

function fileOf(path: string, bytes: Uint8Array): IncludedFile | NotIncluded {
  const text = decodeText(bytes, path).text.replace(/\r\n?/g, "\n");
  const isMarkdown = /\.(?:mdx?|markdown)$/i.test(path);
  const source = isMarkdown ? splitFrontmatter(text) : null;
  if (source !== null && isHidden(source)) return { failure: null };
  return { path, lines: text.split("\n"), bodyLine: source?.bodyLine ?? 1 };
}
