/**
 * Finds the related pages of every page, as a host's build does: module, folder of the configuration.
 * Prints them with what it took.
 */
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [root, module, cwd] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(root, path)).href);
const { loadConfig } = await load("dist/index.js");
const { relatedOfAll } = await load(module);
const { config } = await loadConfig({ cwd, environment: {} });
const cpu = process.cpuUsage();
const begin = performance.now();
// The version before takes the configuration, later ones its store.
const found = await relatedOfAll({ config, ...config.store });
const wallMs = performance.now() - begin;
const { system, user } = process.cpuUsage(cpu);
const related = found.map((one) => [one.page, ...one.related.map(({ page }) => page)]);
const answer = JSON.stringify({ wallMs, cpuMs: (system + user) / 1000, related });
// A connection that stays open would keep the process alive.
process.stdout.write(answer, () => process.exit());
