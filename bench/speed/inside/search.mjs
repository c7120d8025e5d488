/**
 * Searches one after another in this process, as a server does, then twenty at once: version's root,
 * folder of the configuration. Prints milliseconds.
 */
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const WARM = 5;
const MEASURED = 40;
const AT_ONCE = 20;

const [root, cwd] = process.argv.slice(2);
const { loadConfig, search } = await import(pathToFileURL(join(root, "dist/index.js")).href);
const { config } = await loadConfig({ cwd, environment: {} });

/** Words of the generated pages; no query comes twice. */
const queryOf = (number) => {
  const syllables = ["ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru"];
  const word = (n) => [n, n + 3, n * 7 + 1].map((at) => syllables[at % 10]).join("");
  return `${word(number)} ${word(number * 3 + 1)} ${word(Math.floor(number / 10))} ${number}`;
};

async function msOf(query) {
  const begin = performance.now();
  const { hits } = await search({ config, query, mode: "hybrid" });
  if (hits.length === 0) throw new Error(`Nothing was found for ${query}.`);
  return performance.now() - begin;
}

for (let number = 0; number < WARM; number += 1) await msOf(queryOf(number));
const cpu = process.cpuUsage();
const times = [];
for (let number = WARM; number < WARM + MEASURED; number += 1)
  times.push(await msOf(queryOf(number)));
const { system, user } = process.cpuUsage(cpu);
const begin = performance.now();
await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => msOf(queryOf(1000 + at))));
const atOnceMs = performance.now() - begin;
times.sort((one, other) => one - other);
const answer = JSON.stringify({
  wallMs: times[MEASURED / 2],
  cpuMs: (system + user) / 1000 / MEASURED,
  atOnceMs,
});
// A connection that stays open would keep the process alive.
process.stdout.write(answer, () => process.exit());
