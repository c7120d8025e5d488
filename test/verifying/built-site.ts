import { mkdtempSync, rmSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ResolvedConfig, SiteragConfig } from "../../src/config/schema.ts";
import { pageFacts } from "../../src/html/page-facts.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import type { VerifyReport } from "../../src/verifying/report.ts";
import { verifySite } from "../../src/verifying/verify-site.ts";
import { docsSite, type DocsSite } from "../support/docs-site.ts";

type Files = Readonly<Record<string, string>>;

export interface BuiltSite extends Pick<DocsSite, "folder" | "write" | "remove"> {
  readonly config: ResolvedConfig;
  readonly verify: () => Promise<VerifyReport>;
  /** Indexes, and returns the texts that were sent. */
  readonly index: () => Promise<readonly (readonly string[])[]>;
  /** Writes a built page; null removes it. */
  readonly build: (file: string, main: string | null) => Promise<void>;
}

/** A built page around its main content. */
export const htmlPage = (main: string, head = "<title>Site</title>"): string =>
  `<!doctype html><html lang="en"><head>${head}</head><body><nav>Home</nav><main>${main}</main></body></html>`;

/** A site with its source and what a generator made of it, indexed by the mock. */
export async function builtSite(
  source: Files,
  built: Files,
  settings: SiteragConfig = {},
): Promise<BuiltSite> {
  const { folder, write, remove, withConfig } = await docsSite(source);
  const dist = join(folder, "dist");
  const config = withConfig({ ...settings, content: { ...settings.content, site: dist } });
  const build: BuiltSite["build"] = async (file, main) => {
    const path = join(dist, file);
    if (main === null) return rm(path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, main.includes("<html") ? main : htmlPage(main));
  };
  for (const [file, main] of Object.entries(built)) await build(file, main);
  const index = async () => {
    const client = new MockGeminiClient();
    await indexSite({ config, client });
    return client.calls;
  };
  await indexOnce(JSON.stringify([source, built, settings]), config.store.uri, index);
  return { folder, write, remove, config, build, index, verify: () => verifySite({ config }) };
}

/** Copies of first indexes by site: many tests begin with the same one. Removed with the process. */
const firstIndexes = { folder: "", names: new Map<string, string>() };

async function indexOnce(site: string, uri: string, index: () => Promise<unknown>): Promise<void> {
  const { names } = firstIndexes;
  const known = names.get(site);
  if (known !== undefined) return cp(known, uri, { recursive: true });
  await index();
  if (firstIndexes.folder === "") {
    const folder = mkdtempSync(join(tmpdir(), "siterag-first-indexes-"));
    process.once("exit", () => rmSync(folder, { recursive: true }));
    firstIndexes.folder = folder;
  }
  const copy = join(firstIndexes.folder, String(names.size));
  await cp(uri, copy, { recursive: true });
  names.set(site, copy);
}

/** Reads built pages, and counts them. */
export function countingReader() {
  const pages: string[] = [];
  const readPage = async (html: string) => {
    pages.push(html);
    return pageFacts(html);
  };
  return { pages, readPage };
}
