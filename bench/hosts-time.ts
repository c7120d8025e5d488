/**
 * Measures what siterag adds to a host's build:
 * `npm run bench:hosts -- [--pages 200] [--builds 9] [--results file] [host…]`. Each host builds a generated site without siterag, with it for the first time, and unchanged; all figures
 * are medians. The times inside siterag's hooks are marks that the core leaves in the host's process. Exits 1
 * where a bound does not hold.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { ADAPTER_SITES, type AdapterSite } from "../test/hosts/adapter-sites.ts";
import { makeAdapterWorkshop } from "../test/hosts/adapter-workshop.ts";
import { run } from "../test/hosts/host-run.ts";
import { writeGeneratedSite } from "../test/support/generated-site.ts";
import { quantile } from "./reader/cost.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pages: { type: "string", default: "200" },
    builds: { type: "string", default: "9" },
    results: { type: "string" },
  },
});
const pages = Number(values.pages);
const builds = Number(values.builds);

/** Milliseconds of one build. */
interface Times {
  readonly whole: number;
  readonly before: number;
  readonly after: number;
}

const MARKS = z.array(z.object({ name: z.string(), duration: z.number() }));
const MARK_WRITER = fileURLToPath(new URL("hosts/write-marks.mjs", import.meta.url));

async function timeBuild(
  { build }: AdapterSite,
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Times> {
  const home = await mkdtemp(join(tmpdir(), "siterag-bench-"));
  try {
    const file = join(home, "marks.json");
    const options = { NODE_OPTIONS: `--import=${MARK_WRITER}`, SITERAG_BENCH_MARKS: file };
    const begin = performance.now();
    await run(build, folder, { ...options, ...environment });
    const whole = performance.now() - begin;
    // Without siterag there are none.
    const text = await readFile(file, "utf8").catch(() => "[]");
    const marks = MARKS.parse(JSON.parse(text));
    const sum = (name: string): number =>
      marks.reduce((all, mark) => all + (mark.name === name ? mark.duration : 0), 0);
    return { whole, before: sum("siterag before pages"), after: sum("siterag after pages") };
  } finally {
    await rm(home, { recursive: true });
  }
}

async function medians(build: () => Promise<Times>): Promise<Times> {
  const all: Times[] = [];
  for (let count = 0; count < builds; count += 1) all.push(await build());
  const median = (of: (times: Times) => number): number => quantile(all.map(of), 0.5);
  return {
    whole: median(({ whole }) => whole),
    before: median(({ before }) => before),
    after: median(({ after }) => after),
  };
}

const lines: string[] = [];
function print(text: string): void {
  console.log(text);
  lines.push(text);
}

const ms = (value: number): string => `${Math.round(value)} ms`.padStart(10);
const line = (name: string, { after, before, whole }: Times, bounds = ""): void =>
  print(`${name.padEnd(34)}${ms(whole)}${ms(before)}${ms(after)}  ${bounds}`.trimEnd());

/** Prints a bound, and fails the bench where it is broken. */
function bound(name: string, value: number, most: number): string {
  if (value > most) process.exitCode = 1;
  return `${name} ${value > most ? ">" : "≤"} ${Math.round(most)}`;
}

const ABOUT = `# What siterag adds to a host's build

Made by \`npm run bench:hosts\`, on two cores. Each host builds a small site with ${pages} generated pages more. “Before”
and “after” are the times inside siterag's hooks, before the host renders its pages and after it has written them.

`;

const MOST_BEFORE_MS = 500;
const mostAfter = (): number => 500 + 0.5 * pages;
const MOST_FIRST_MS_A_PAGE = 15;

const workshop = await makeAdapterWorkshop();
try {
  print(`${pages} pages more, medians of ${builds} builds`);
  print(`${"".padEnd(34)}${"build".padStart(10)}${"before".padStart(10)}${"after".padStart(10)}`);
  const wanted = ADAPTER_SITES.filter(
    ({ fixture }) => positionals.length === 0 || positionals.includes(fixture),
  );
  for (const site of wanted) {
    const folder = await workshop.makeSite(site);
    await writeGeneratedSite(join(folder, site.content, "generated"), pages);
    await timeBuild(site, folder, { SITERAG: "off" });
    line(
      `${site.name}, siterag off`,
      await medians(() => timeBuild(site, folder, { SITERAG: "off" })),
    );
    const first = await medians(async () => {
      await rm(join(folder, ".siterag"), { recursive: true, force: true });
      await rm(join(folder, site.built), { recursive: true, force: true });
      return timeBuild(site, folder);
    });
    line("  first build", first, bound("after", first.after, MOST_FIRST_MS_A_PAGE * pages));
    const again = await medians(() => timeBuild(site, folder));
    const bounds = [
      bound("before", again.before, MOST_BEFORE_MS),
      bound("after", again.after, mostAfter()),
    ];
    line("  unchanged", again, bounds.join(", "));
  }
} finally {
  await workshop.remove();
}
if (values.results !== undefined) {
  await writeFile(values.results, ABOUT + ["```text", ...lines, "```", ""].join("\n"));
}
