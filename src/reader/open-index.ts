import type { TermSource } from "../ranking/term-source.ts";
import { firstIndex } from "../words/first-index.ts";
import type { FileSource } from "./file-source.ts";
import { namedFiles, MANIFEST_NAME, readManifest, type Manifest } from "./manifest.ts";
import { publishedFiles, readFrom, type PublishedFiles } from "./published-files.ts";
import { publishedTerms } from "./published-terms.ts";
import { ReaderError } from "./reader-error.ts";
import { readSectionTable, type SectionTable } from "./section-table.ts";
import { sharedLoads } from "./shared-loads.ts";
import { readTextPack, type TextPack } from "./text-pack.ts";

/** One build of an index: its manifest, and its other files as they are needed. */
export interface OpenIndex {
  readonly manifest: Manifest;
  readonly terms: TermSource;
  readonly table: TableLoad;
  /** The pack that has a section's text, and the section's place in it. */
  packOf(section: number, signal?: AbortSignal): Promise<PlaceInPack>;
}

type TableLoad = (signal?: AbortSignal) => Promise<SectionTable>;

/** A section's place in its pack. */
interface PlaceInPack {
  readonly pack: TextPack;
  readonly place: number;
}

/**
 * Opens the newest build of an index, with an empty store of files or that of the build before: files that
 * both have are read once.
 * @param isFresh whether no cache may answer
 * @throws ReaderError
 */
export async function openIndex(
  source: FileSource,
  files: PublishedFiles,
  isFresh: boolean,
  signal?: AbortSignal,
): Promise<OpenIndex> {
  const bytes = await source.read(MANIFEST_NAME, signal, { isFresh });
  if (bytes === null) throw noIndex(source);
  const manifest = readManifest(bytes);
  const names = new Set(namedFiles(manifest));
  for (const loads of [files.contents, files.shards, files.words]) loads.keep(names);
  const tables = sharedLoads((name, stop) =>
    readFrom(files.contents, name, (content) => readSectionTable(content, manifest), stop),
  );
  const table: TableLoad = (stop) => tables.get(manifest.table, stop);
  return {
    manifest,
    terms: publishedTerms(manifest, files),
    table,
    packOf: packLoads(files, table),
  };
}

/**
 * Names of all files of an index but its manifest: those to keep or to copy.
 * @throws ReaderError `incomplete` or `damaged` if its table cannot be read
 */
export async function filesOfIndex(source: FileSource, manifest: Manifest): Promise<string[]> {
  const { contents } = publishedFiles(source);
  const read = (content: Uint8Array): SectionTable => readSectionTable(content, manifest);
  const { texts } = await readFrom(contents, manifest.table, read);
  return [...new Set([...namedFiles(manifest), ...texts])];
}

const noIndex = ({ place = "the given place" }: FileSource): ReaderError =>
  new ReaderError(
    "missing",
    `There is no search index in ${place}: it has no file ${MANIFEST_NAME}. \`siterag publish --out\` writes it.`,
  );

function packLoads(files: PublishedFiles, table: TableLoad): OpenIndex["packOf"] {
  const packs = sharedLoads(async (number, signal) => {
    const { heads, packStarts, pageOf, texts } = await table(signal);
    const [start = 0, end = start] = packStarts.subarray(Number(number));
    const begins = (at: number): boolean => pageOf[start + at] !== pageOf[start + at - 1];
    const read = (content: Uint8Array): TextPack =>
      readTextPack(content, end - start, heads === null ? begins : null);
    return readFrom(files.contents, texts[Number(number)] ?? "", read, signal);
  });
  return async (section, signal) => {
    const { packStarts } = await table(signal);
    // The last pack that begins with the section or before it.
    const number = firstIndex(packStarts.length, (at) => (packStarts[at] ?? 0) > section) - 1;
    const pack = await packs.get(String(number), signal);
    return { pack, place: section - (packStarts[number] ?? 0) };
  };
}
