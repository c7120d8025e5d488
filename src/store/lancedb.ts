/** Loads LanceDB's native library. */

import { setUpLanceDb } from "../words/lancedb-environment.ts";

setUpLanceDb();
export const lancedb: typeof import("@lancedb/lancedb") = await import("@lancedb/lancedb");
