/**
 * Settings of LanceDB's native library, which reads them once, while it loads, from the environment of the process. A
 * thread has only a copy of that: what starts a thread that loads the library makes them, too.
 */
export function setUpLanceDb(): void {
  // By default it logs a lot.
  process.env["LANCEDB_LOG"] ??= "error";
  // How many rows are merged at a time. The default, 8,192 rows, takes 38 MB of vectors and text.
  process.env["LANCE_DEFAULT_BATCH_SIZE"] ??= "256";
  // How many bytes it reads ahead, and sorts at a time for an index. By default 2 GB, so all vectors of a site.
  process.env["LANCE_DEFAULT_IO_BUFFER_SIZE"] ??= "16000000";
  process.env["LANCE_SHUFFLE_BATCH_BYTES"] ??= "4000000";
}

/**
 * How many files in a folder LanceDB reads at the same time, which it looks up with each of its reads. By default 8:
 * merging 120 files of vectors then takes twice the processor's time, and half as much memory again, because each of
 * its threads keeps what it has freed. Object stores answer late, so a process that opens only these keeps their
 * default, 64. Counts for the whole process, and not in a thread, whose environment is a copy.
 */
export function readFewFilesAtOnce(): void {
  process.env["LANCE_IO_THREADS"] ??= "2";
}
