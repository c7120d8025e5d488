import { join } from "node:path";
import { connect } from "@lancedb/lancedb";
import { z } from "zod";
import { filesOf } from "./host-run.ts";

const ROW = z.object({ id: z.string(), url: z.string(), text: z.string() });

type Row = z.infer<typeof ROW>;

/** The rows of each index of a site's store, by name of the index, in the order of their ids. */
export async function storedRows(
  folder: string,
): Promise<Readonly<Record<string, readonly Row[]>>> {
  const store = await connect(join(folder, ".siterag/db"));
  const names = (await store.tableNames()).filter((name) => name.startsWith("chunks"));
  const tables = names.map(async (name) => {
    const rows = await (
      await store.openTable(name)
    )
      .query()
      .select(["id", "url", "text"])
      .toArray();
    const plain = z.array(ROW).parse(rows.map((row: object) => ({ ...row })));
    return [name, plain.toSorted((a, b) => (a.id < b.id ? -1 : 1))] as const;
  });
  return Object.fromEntries(await Promise.all(tables));
}

/** The files of the tables. Beside them are notes on the last run, which a run of another index makes anew. */
export async function tableFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = await filesOf(join(folder, ".siterag"));
  return new Map([...files].filter(([file]) => /^db\/[^/]+\.lance\//u.test(file)));
}
