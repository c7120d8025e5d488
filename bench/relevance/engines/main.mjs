/** Runs one engine in a process of its own: the task comes as JSON, and the pages found go back so. */
import { readFileSync, writeFileSync } from "node:fs";

const [engine, task, answer] = process.argv.slice(2);
const { rank } = await import(new URL(`${engine}.mjs`, import.meta.url).href);
writeFileSync(answer, JSON.stringify(await rank(JSON.parse(readFileSync(task, "utf8")))));
