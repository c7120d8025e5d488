import { expect, onTestFinished, test, vi } from "vitest";
import { schemaOf } from "../../src/store/arrow-rows.ts";
import { lancedb } from "../../src/store/lancedb.ts";
import { StoreTable } from "../../src/store/store-table.ts";
import { TableHandle, type TableHistory } from "../../src/store/table-handle.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const columns = { key: "string", value: "string" } as const;
const spec = { name: "things", key: "key", columns } as const;

/** An empty table, and what LanceDB reads its schema with. */
async function watchedTable(history: TableHistory, mayWrite: () => Promise<void>) {
  const folder = await temporaryFolder();
  const connection = await lancedb.connect(folder);
  onTestFinished(() => connection.close());
  const table = await connection.createEmptyTable(spec.name, schemaOf(spec));
  const schema = vi.spyOn(table, "schema");
  const handle = new TableHandle(spec.name, table, mayWrite, history);
  return { schema, things: new StoreTable(spec, handle, folder) };
}

const WRITES = {
  upsert: (things: StoreTable<typeof columns>) => things.upsert([{ key: "a", value: "b" }]),
  upsertIf: (things: StoreTable<typeof columns>) =>
    things.upsertIf({ key: "a", value: "b" }, "target.value = 'c'"),
  updateIf: (things: StoreTable<typeof columns>) =>
    things.updateIf({ key: "a", value: "b" }, "target.value = 'c'"),
};

test.for(["made", "filled", "unknown"] as const)(
  "who upserts into a table that is %s learns that its schema could not be read",
  async (history) => {
    const { schema, things } = await watchedTable(history, async () => {});
    schema.mockRejectedValueOnce(new Error("Its first version is gone"));
    await expect(WRITES.upsert(things)).rejects.toThrow(
      "Could not write things: Its first version is gone.",
    );
    expect(schema).toHaveBeenCalledTimes(1);
  },
);

test.for(["upsert", "upsertIf", "updateIf"] as const)(
  "%s reads nothing without the writer's lock",
  async (name) => {
    const refuse = () => Promise.reject(new Error("The lock is lost"));
    const { schema, things } = await watchedTable("unknown", refuse);
    await expect(WRITES[name](things)).rejects.toThrow("The lock is lost");
    expect(schema).not.toHaveBeenCalled();
  },
);
