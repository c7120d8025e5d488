/**
 * Measures the provider `local` with a model of the size of all-MiniLM-L6-v2, which it makes:
 * `npm run bench:local -- --num-texts 100 --batch-sizes 1,8,16,32,64`. Writes bench/results/local.md, and
 * exits 1 if a bound of the documentation does not hold.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { makeModel, MINILM } from "../test/e2e/local/make-model.ts";
import { MODEL } from "./local/place.ts";
import { report, type Results } from "./local/report.ts";
import { textsOf, VOCABULARY, type Kind } from "./local/texts.ts";

const MEASURE = fileURLToPath(new URL("local/measure.ts", import.meta.url));
const BIN = fileURLToPath(new URL("../src/cli/bin.ts", import.meta.url));
const RESULTS = fileURLToPath(new URL("results/local.md", import.meta.url));

const { values } = parseArgs({
  options: {
    "num-texts": { type: "string", default: "100" },
    "batch-sizes": { type: "string", default: "1,8,16,32,64" },
  },
});
const texts = values["num-texts"];
const sizes = values["batch-sizes"].split(",").map(Number);
const home = mkdtempSync(join(tmpdir(), "siterag-local-"));
const models = join(home, "models");

/** Measures in a process of its own, so that its peak of memory is that of one thing. */
function measure<Value>(
  schema: z.ZodType<Value>,
  role: string,
  ...given: readonly string[]
): Value {
  console.log(`Measuring ${role} ${given.join(" ")} …`);
  const child = spawnSync(process.execPath, [MEASURE, role, models, ...given], {
    encoding: "utf8",
    maxBuffer: 100_000_000,
  });
  if (child.status !== 0) throw new Error(child.stderr);
  console.log(child.stdout.trim());
  return schema.parse(JSON.parse(child.stdout));
}

const perText = z.object({ perText: z.number() });
const peak = z.object({ peak: z.number() });
const compared = z.object({
  alone: z.number(),
  perText: z.record(z.string(), z.number()),
  difference: z.number(),
});

function measureKind(kind: Kind): Results["short"] {
  const all = sizes.join();
  const { alone, difference, perText: bySize } = measure(compared, "compare", kind, texts, all);
  const rows = sizes.map((size) => ({
    size,
    perText: bySize[size] ?? Number.NaN,
    peak: measure(peak, "memory", kind, texts, String(size)).peak,
  }));
  const free = measure(peak, "memoryWithoutBudget", kind, texts, String(sizes.at(-1)));
  return { alone, difference, rows, free: { ...free, size: sizes.at(-1) ?? 0 } };
}

/** Milliseconds a text of a whole `siterag index` without vectors. */
function wordsAlone(): number {
  const folder = join(home, "words");
  mkdirSync(join(folder, "docs"), { recursive: true });
  writeFileSync(join(folder, "siterag.config.json"), '{"embedding":{"provider":"none"}}');
  for (const [at, text] of textsOf("short", Number(texts)).entries()) {
    writeFileSync(join(folder, "docs", `page-${at}.md`), `# Page ${at}\n\n${text}\n`);
  }
  const child = spawnSync(process.execPath, [BIN, "index", "--json"], {
    cwd: folder,
    encoding: "utf8",
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return (
    z.object({ durationMs: z.number() }).parse(JSON.parse(child.stdout)).durationMs / Number(texts)
  );
}

try {
  await makeModel(join(models, MODEL), { ...MINILM, seed: 1, words: VOCABULARY });
  const shares = z.object({ shares: z.array(z.tuple([z.string(), z.number()])) });
  const results: Results = {
    texts: Number(texts),
    machine: `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "unknown"}), Node ${process.version}`,
    short: measureKind("short"),
    long: measureKind("long"),
    fresh: measure(perText, "fresh", "short", texts).perText,
    words: wordsAlone(),
    thousand: measure(peak, "memory", "mixed", "1000", "32").peak,
    shares: measure(shares, "profile", "short", texts).shares,
  };
  const { faults, text } = report(results);
  writeFileSync(RESULTS, text);
  console.log(text);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}
