/** Loads LanceDB's native library. */

// The library reads these once, while it loads. By default it logs a lot.
process.env["LANCEDB_LOG"] ??= "error";
// How many rows are merged at a time. The default, 8,192 rows, takes 38 MB of vectors and text.
process.env["LANCE_DEFAULT_BATCH_SIZE"] ??= "256";
// How many bytes it reads ahead, and sorts at a time for an index. By default 2 GB, so all vectors of a site.
process.env["LANCE_DEFAULT_IO_BUFFER_SIZE"] ??= "16000000";
process.env["LANCE_SHUFFLE_BATCH_BYTES"] ??= "4000000";
export const lancedb: typeof import("@lancedb/lancedb") = await import("@lancedb/lancedb");
