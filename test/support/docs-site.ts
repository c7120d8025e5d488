import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { configSchema } from "../../src/providers/load-config.ts";
import type { ResolvedConfig, SiteragConfig } from "../../src/config/schema.ts";
import { IndexReader, withReader } from "../../src/store/index-reader.ts";
import { Database } from "../../src/store/database.ts";
import { chunksTable } from "../../src/store/tables.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A documentation site in a temporary folder that is removed when the test ends. */
export interface DocsSite {
  readonly folder: string;
  readonly config: ResolvedConfig;
  readonly write: (page: string, text: string) => Promise<void>;
  readonly remove: (page: string) => Promise<void>;
  /** The same site with other settings. */
  readonly withConfig: (config: SiteragConfig) => ResolvedConfig;
}

export async function docsSite(
  pages: Readonly<Record<string, string>>,
  config: SiteragConfig = {},
): Promise<DocsSite> {
  const folder = await temporaryFolder();
  const root = join(folder, "docs");
  const write = async (page: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, page)), { recursive: true });
    await writeFile(join(root, page), text);
  };
  await mkdir(root);
  for (const [page, text] of Object.entries(pages)) await write(page, text);
  const withConfig = (more: SiteragConfig): ResolvedConfig =>
    configSchema.parse({
      ...more,
      embedding: { provider: "mock", ...more.embedding },
      content: { ...more.content, root },
      store: { ...more.store, uri: join(folder, "db") },
    });
  return {
    folder,
    config: withConfig(config),
    write,
    remove: (page) => rm(join(root, page)),
    withConfig,
  };
}

/** The rows of the index by id, as a reader sees them. */
export const rowsOf = (config: ResolvedConfig): Promise<Map<string, IndexedRow>> =>
  withReader(config.store, async (reader: IndexReader) => {
    const database = await Database.connect(config.store.uri);
    const { dimensions } = reader.published.space;
    const spec = chunksTable(config.store.index, dimensions);
    const table = await database.openVersion(spec, reader.published.version);
    const rows = new Map<string, IndexedRow>();
    if (table === null) return rows;
    const names = ["id", "page", "text", "fingerprint", "vectorFingerprint", "vector"] as const;
    for await (const row of table.scan(names)) {
      if (rows.has(row.id)) throw new Error(`Two rows have the id ${row.id}.`);
      rows.set(row.id, row);
    }
    database.close();
    return rows;
  });

export interface IndexedRow {
  readonly id: string;
  readonly page: string;
  readonly text: string;
  readonly fingerprint: string;
  readonly vectorFingerprint: string | null;
  readonly vector: Float32Array | null;
}

/** A row as plain values; equal vectors are equal texts. */
export type PlainRow = Omit<IndexedRow, "vector"> & { readonly vector: string };

/** The rows of the index in the order of their ids. */
export async function plainRows(config: ResolvedConfig): Promise<PlainRow[]> {
  const rows = [...(await rowsOf(config)).values()];
  return rows
    .map((row) => ({ ...row, vector: row.vector?.join(" ") ?? "none" }))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}
