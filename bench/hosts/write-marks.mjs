/** Loaded before a host: writes how long siterag's hooks took when the host's process ends. */
import { writeFileSync } from "node:fs";

const file = process.env.SITERAG_BENCH_MARKS;
process.on("exit", () => {
  const marks = performance
    .getEntriesByType("measure")
    .filter(({ name }) => name.startsWith("siterag "))
    .map(({ name, duration }) => ({ name, duration }));
  // Hosts start processes of their own, which inherit this: they have no marks.
  if (marks.length > 0) writeFileSync(file, JSON.stringify(marks));
});
