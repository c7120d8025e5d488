import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ResolvedConfig } from "../config/schema.ts";
import { MANIFEST_NAME, readManifest, withPlace } from "../reader/manifest.ts";
import { filesOfIndex } from "../reader/open-index.ts";
import { openReader } from "../reader/open-reader.ts";
import { withReader, type IndexReader } from "../store/index-reader.ts";
import { SiteragError } from "../words/errors.ts";
import { parsedJson } from "../words/json.ts";
import { interfaceFiles } from "./interface-files.ts";
import { byName, type PublishedFile } from "./name-files.ts";
import { sitePlace } from "./site-place.ts";
import { updateFolder } from "./update-folder.ts";

export interface PublishOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** The folder that gets the files, absolute. It is made if it is missing; foreign files in it stay. */
  readonly out: string;
}

/** What `publishIndex` has done. */
export interface PublishReport {
  readonly out: string;
  readonly pages: number;
  readonly sections: number;
  /** Files of the index, `index.json` included, and the scripts of the search box. */
  readonly files: number;
  readonly bytes: number;
  /** Files that the folder did not have yet. */
  readonly written: number;
  /** Files of older builds that were deleted. */
  readonly removed: number;
}

/**
 * Writes the readers' index into a folder, and the scripts of the search box: the files first, then
 * `index.json`, which names them. Then it deletes the files of all builds but the last two, and of the one
 * before, too, if the last one removed text. The same index gives the same bytes. Throws INDEX_MISSING before the first run, and USAGE where
 * the folder has an `index.json` of another program.
 */
export const publishIndex = ({ config, out }: PublishOptions): Promise<PublishReport> =>
  withReader(config.store, async (reader) => {
    const { search } = reader.published;
    if (search === null) throw withoutFiles(config.store.index);
    const [bytes = new Uint8Array()] = await filesIn(reader, [search.manifest]);
    const manifest = readManifest(bytes);
    const read = async (name: string) => (await filesIn(reader, [name]))[0] ?? null;
    const names = await filesOfIndex({ read }, manifest);
    const contents = await filesIn(reader, names);
    const files = names.map((name, at) => ({ name, bytes: contents[at] ?? new Uint8Array() }));
    // What the store keeps are the files of the last two builds, or of the last one after text was removed.
    const kept = await reader.searchFiles.names();
    return publishFiles(out, [...files, { name: MANIFEST_NAME, bytes }], kept);
  });

/**
 * Writes a readers' index, whose last file is `index.json`, into a folder, with the scripts of the search box.
 * Deletes the files of earlier builds that are not among `kept`. Throws USAGE as `publishIndex`.
 */
export async function publishFiles(
  out: string,
  files: readonly PublishedFile[],
  kept: ReadonlySet<string> = new Set(),
): Promise<PublishReport> {
  await requireOwn(join(out, MANIFEST_NAME));
  const manifest = await placedManifest(out, files);
  const { pages, sections } = readManifest(manifest);
  const named = { name: MANIFEST_NAME, bytes: manifest };
  const all = [...(await interfaceFiles()), ...files.slice(0, -1), named];
  const bytes = all.reduce((sum, file) => sum + file.bytes.length, 0);
  return {
    out,
    pages,
    sections,
    files: all.length,
    bytes,
    ...(await updateFolder(out, all, kept)),
  };
}

/**
 * Writes the scripts of the search box alone, and deletes the index of an earlier build. Throws USAGE as
 * `publishIndex`.
 */
export async function publishScripts(out: string): Promise<void> {
  const manifest = join(out, MANIFEST_NAME);
  await requireOwn(manifest);
  await rm(manifest, { force: true });
  await updateFolder(out, await interfaceFiles(), new Set());
}

/** Deletes the index of an earlier build, if there is one; the scripts of the search box stay. */
export async function withdrawIndex(out: string): Promise<void> {
  if ((await isOwn(join(out, MANIFEST_NAME))) === true) await publishScripts(out);
}

/** The manifest of files, with its place in the built site if the folder is in one. */
async function placedManifest(out: string, files: readonly PublishedFile[]): Promise<Uint8Array> {
  const contents = byName(files);
  const reader = await openReader({ read: async (name) => contents.get(name) ?? null });
  const pages = await reader.pages();
  const place = await sitePlace(
    out,
    pages.map(({ url }) => url),
  );
  const manifest = contents.get(MANIFEST_NAME) ?? new Uint8Array();
  return place === null ? manifest : withPlace(manifest, place);
}

/** What the manifests of all formats have. */
const anyManifest = z.object({ format: z.number(), sections: z.number() });

/** Whether siterag has written a manifest: generators of sites write files of this name, too. Null: there is none. */
async function isOwn(manifest: string): Promise<boolean | null> {
  const text = await readFile(manifest, "utf8").catch(() => null);
  return text === null ? null : anyManifest.safeParse(parsedJson(text)).success;
}

async function requireOwn(manifest: string): Promise<void> {
  if ((await isOwn(manifest)) !== false) return;
  throw new SiteragError(
    "USAGE",
    `${manifest} is not from siterag, so it stays: publish into a folder of its own, or delete that file.`,
  );
}

const withoutFiles = (index: string): SiteragError =>
  new SiteragError(
    "INDEX_MISSING",
    `The index “${index}” has no files for readers: another version of siterag built it, or they are lost. Run \`siterag index\`, which makes them at no cost.`,
  );

/** The bytes of stored files, in the order of their names. */
async function filesIn(reader: IndexReader, names: readonly string[]): Promise<Uint8Array[]> {
  const stored = await reader.searchFiles.read(names);
  return names.map((name) => {
    const bytes = stored.get(name);
    if (bytes !== undefined) return bytes;
    throw new SiteragError(
      "STORE_FAILED",
      `The store has lost ${name}, a file of the readers' index. Run \`siterag index\`, which makes it again at no cost.`,
    );
  });
}
