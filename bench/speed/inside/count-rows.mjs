/** The least that any program on the store does: imports LanceDB, opens the store, counts rows. */
import { connect } from "@lancedb/lancedb";

const [uri, name] = process.argv.slice(2);
const database = await connect(uri);
const table = await database.openTable(name);
console.log(await table.countRows());
