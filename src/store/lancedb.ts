/** Loads LanceDB's native library. */

// The library reads these once, while it loads. By default it logs a lot.
process.env["LANCEDB_LOG"] ??= "error";
// How many rows are merged at a time. The default, 8,192 rows, takes 38 MB of vectors and text.
process.env["LANCE_DEFAULT_BATCH_SIZE"] ??= "256";
export const lancedb: typeof import("@lancedb/lancedb") = await import("@lancedb/lancedb");
