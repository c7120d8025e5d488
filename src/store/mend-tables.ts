import { addPositions } from "./add-positions.ts";
import { SiteragError } from "../words/errors.ts";
import type { Columns } from "./arrow-rows.ts";
import type { Database } from "./database.ts";
import type { Meta } from "./meta.ts";
import { isDamage } from "./store-error.ts";
import {
  chunksTable,
  contextsTable,
  jobsTable,
  leaseTable,
  metaTable,
  pagesTable,
  queriesTable,
  REBUILT,
  SCHEMA_VERSION,
  searchFilesTable,
  VECTORS_PREFIX,
  vectorsTableNamed,
} from "./tables.ts";

export interface MendOptions {
  readonly database: Database;
  readonly meta: Meta;
  /** Address of the store, for messages. */
  readonly uri: string;
  /** The index that the run writes. */
  readonly index: string;
  /** Drops a damaged table even if its rows were paid for. Default false. */
  readonly dropsPaid?: boolean | undefined;
}

/** A table of any columns. */
interface AnyTable {
  readonly name: string;
  readonly key: string;
  readonly columns: Columns;
}

/**
 * Drops tables that are damaged or of another schema version: the run makes them anew. Returns the
 * warning; null if there were none. Throws STORE_FAILED for a damaged table whose rows were paid for,
 * and CONFIG_INVALID for the database of another program.
 */
export async function mendTables(options: MendOptions): Promise<string | null> {
  const { database, index, meta } = options;
  await addPositions(database, meta);
  const tables = await database.tableNames();
  const names = tables.filter((name) => name !== metaTable.name && name !== leaseTable.name);
  const derived: AnyTable[] = [chunksTable(index, 0), ...REBUILT, queriesTable];
  const paid: AnyTable[] = [contextsTable, jobsTable, ...vectorTables(names)];
  const states = await statesOf(database, tables, [metaTable, ...derived, ...paid]);
  const isMetaDamaged = states.get(metaTable.name) === "damaged";
  const version = isMetaDamaged ? null : await meta.schemaVersion();
  if (version === null) requireOwn(names, states);
  for (const { name } of paid) if (states.get(name) === "damaged") await dropPaid(options, name);
  if (isMetaDamaged) await meta.drop();
  const isIncomplete = !isMetaDamaged && (await meta.forgetUnreadable());
  const hasLostMeta = isIncomplete || (version === null && names.length > 0);
  const mended = [
    ...(hasLostMeta ? [metaTable.name] : []),
    ...(await dropDerived(options, states)),
  ];
  if (version !== null && version !== SCHEMA_VERSION) {
    mended.push(...(await discardOtherSchema(options)));
  }
  if (version !== SCHEMA_VERSION) await meta.setSchemaVersion(SCHEMA_VERSION);
  return mended.length === 0 ? null : warning([...new Set(mended)]);
}

const vectorTables = (names: readonly string[]) =>
  names.filter((name) => name.startsWith(VECTORS_PREFIX)).map(vectorsTableNamed);

/** `damaged`: a table cannot be read, or has columns of another program. */
type States = ReadonlyMap<string, "missing" | "damaged" | "fine">;

async function statesOf(
  database: Database,
  names: readonly string[],
  specs: readonly AnyTable[],
): Promise<States> {
  const stateOf = async (spec: AnyTable) => {
    if (!names.includes(spec.name)) return "missing";
    try {
      const table = await database.open(spec);
      if (table === null) return "missing";
      return (await table.isReadable()) ? "fine" : "damaged";
    } catch (error) {
      if (isDamage(error)) return "damaged";
      throw error;
    }
  };
  return new Map(
    await Promise.all(specs.map(async (spec) => [spec.name, await stateOf(spec)] as const)),
  );
}

/** Without `meta`, a store is ours if a table has our name and columns. */
function requireOwn(names: readonly string[], states: States): void {
  const isOurs = names.length === 0 || names.some((name) => states.get(name) === "fine");
  if (isOurs) return;
  throw new SiteragError(
    "CONFIG_INVALID",
    `The database at store.uri holds tables of another program (${names.slice(0, 3).join(", ")}). Set store.uri to a folder or prefix that siterag has for itself.`,
  );
}

async function dropPaid(
  { database, dropsPaid = false, uri }: MendOptions,
  name: string,
): Promise<void> {
  if (dropsPaid) return database.drop(name);
  const lost = LOST[name] ?? "The vectors in it, which must be paid for again";
  throw new SiteragError(
    "STORE_FAILED",
    `The table ${name} of the store ${uri} is damaged. ${lost}, are lost unless you restore the table from a copy. To go on without them, run \`siterag cache clear --damaged\`.`,
  );
}

const LOST: Readonly<Record<string, string>> = {
  [contextsTable.name]: "The sentences of context in it, which must be paid for again",
  [jobsTable.name]: "The batch jobs in it, whose texts may be paid for again",
};

/** Drops what the run can rebuild. Returns the names, and those of missing tables. */
async function dropDerived(
  { database, index, meta }: MendOptions,
  states: States,
): Promise<string[]> {
  const published = await meta.published(index);
  const damaged = [index, ...REBUILT.map(({ name }) => name), queriesTable.name].filter(
    (name) => states.get(name) === "damaged",
  );
  for (const name of damaged) await database.drop(name);
  // The builds of many sites have no queries, and earlier versions wrote no search files.
  const needed = [index, pagesTable.name].filter(() => published !== null);
  if ((published?.search ?? null) !== null) needed.push(searchFilesTable.name);
  const missing = needed.filter((name) => states.get(name) === "missing");
  const lost = [...damaged, ...missing];
  if (lost.includes(searchFilesTable.name)) await forgetSearchFiles(meta);
  // Versions of the new table begin at 1, so the published one would be another.
  if (lost.includes(index)) await meta.unpublish(index);
  return lost;
}

/** The next run of each index makes its files again. */
async function forgetSearchFiles(meta: Meta): Promise<void> {
  for (const index of await meta.indexes()) {
    const published = await meta.published(index);
    if (published !== null) await meta.publish(index, { ...published, search: null });
  }
}

/** Drops all indexes, their search files and the page keys. */
async function discardOtherSchema({ database, index, meta }: MendOptions): Promise<string[]> {
  const indexes = [...new Set([...(await meta.indexes()), index])];
  for (const name of indexes) await meta.unpublish(name);
  const left = new Set(await database.tableNames());
  const derived = [...indexes, ...REBUILT.map(({ name }) => name)];
  const old = derived.filter((name) => left.has(name));
  for (const name of old) await database.drop(name);
  return old;
}

function warning(mended: readonly string[]): string {
  const rebuilt = mended.filter((name) => name !== queriesTable.name);
  return [
    `Tables of the store were missing, damaged or of another version: ${mended.join(", ")}.`,
    ...(rebuilt.length === 0
      ? []
      : [`\`siterag index\` rebuilds ${rebuilt.join(", ")} at no cost.`]),
    ...(rebuilt.length === mended.length ? [] : ["Builds embed their search queries again."]),
  ].join(" ");
}
