/** One measurement in a process of its own; prints one line of JSON. */
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LocalClient } from "../../src/providers/local/local-client.ts";
import { DIRECTORY, MODEL } from "./place.ts";
import { textsOf, type Kind } from "./texts.ts";

/** Runs of each variant, of which the fastest counts: machines are noisy in one direction. */
const ROUNDS = 5;

const [role = "", folder = "", kindGiven = "short", count = "100", sizes = ""] =
  process.argv.slice(2);
const kind: Kind = kindGiven === "long" ? "long" : kindGiven === "mixed" ? "mixed" : "short";
const texts = textsOf(kind, Number(count));
const batchSizes = sizes.split(",").map(Number);

const newClient = (): LocalClient =>
  new LocalClient({
    embedding: { model: MODEL, localModelPath: folder },
    directory: DIRECTORY,
  });

const peakMegabytes = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** All variants in turn, in one warm process. */
async function compare() {
  const client = newClient();
  const rows: Float32Array[] = [];
  const oneByOne = async (): Promise<void> => {
    rows.length = 0;
    for (const text of texts) rows.push(await client.embedText(text));
  };
  await client.embedBatch(texts.slice(0, 8));
  let alone = Infinity;
  let difference = 0;
  const fastest = new Map(batchSizes.map((size) => [size, Infinity]));
  for (let round = 0; round < ROUNDS; round += 1) {
    alone = Math.min(alone, await timed(oneByOne));
    for (const [size, before] of fastest) {
      let data: Float32Array = new Float32Array();
      const embed = async () => {
        ({ data } = await client.embedBatch(texts, { batchSize: size }));
      };
      fastest.set(size, Math.min(before, await timed(embed)));
      const expected = rows.flatMap((row) => [...row]);
      for (const [at, value] of expected.entries()) {
        difference = Math.max(difference, Math.abs(value - (data[at] ?? Infinity)));
      }
    }
  }
  await client.close();
  const perText = Object.fromEntries([...fastest].map(([size, ms]) => [size, ms / texts.length]));
  return { alone: alone / texts.length, perText, difference };
}

/** Embeds all texts once, and tells the most memory that the process has held. */
async function memory() {
  const client = newClient();
  const [batchSize = 32] = batchSizes;
  await client.embedBatch(texts, { batchSize });
  return { peak: peakMegabytes() };
}

/** The same without a budget of tokens. */
async function memoryWithoutBudget() {
  const client = newClient();
  const [batchSize = 32] = batchSizes;
  await client.embedBatch(texts, { batchSize, batchTokens: 1_000_000 });
  return { peak: peakMegabytes() };
}

/** A new pipeline for each text, as a script has it that embeds text by text. */
async function fresh() {
  const { env, pipeline } = createRequire(join(DIRECTORY, "package.json"))(
    "@huggingface/transformers",
  );
  env.allowRemoteModels = false;
  env.localModelPath = `${folder}/`;
  let fastest = Infinity;
  for (const text of texts.slice(0, ROUNDS * 2)) {
    const ms = await timed(async () => {
      const pipe = await pipeline("feature-extraction", MODEL, { dtype: "fp32" });
      await pipe(text, { pooling: "mean", normalize: true });
      await pipe.dispose();
    });
    fastest = Math.min(fastest, ms);
  }
  return { perText: fastest };
}

interface Kernel {
  readonly cat?: string;
  readonly name: string;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

/** Where the runtime spends its time, by operator. */
async function profile() {
  const { AutoModel, AutoTokenizer, env } = createRequire(join(DIRECTORY, "package.json"))(
    "@huggingface/transformers",
  );
  env.allowRemoteModels = false;
  env.localModelPath = `${folder}/`;
  const tokenizer = await AutoTokenizer.from_pretrained(MODEL);
  const model = await AutoModel.from_pretrained(MODEL, {
    dtype: "fp32",
    session_options: {
      enableProfiling: true,
      profileFilePrefix: join(dirname(folder), "siterag-profile"),
    },
  });
  for (let at = 0; at + 16 <= texts.length; at += 16) {
    await model(tokenizer(texts.slice(at, at + 16), { padding: true }));
  }
  model.sessions.model.endProfiling();
  const files = profileFiles(dirname(folder));
  const kernels: Kernel[] = files.flatMap((file) => JSON.parse(readFileSync(file, "utf8")));
  files.forEach((file) => rmSync(file));
  const micros = new Map<string, number>();
  for (const { args, cat, dur, name } of kernels) {
    if (cat !== "Node" || !name.endsWith("_kernel_time")) continue;
    const operator = args?.op_name ?? "?";
    micros.set(operator, (micros.get(operator) ?? 0) + dur);
  }
  const total = [...micros.values()].reduce((sum, one) => sum + one, 0);
  const shares = [...micros].map(([operator, one]) => [operator, one / total] as const);
  return { shares: shares.toSorted((one, other) => other[1] - one[1]) };
}

function profileFiles(place: string): string[] {
  const { globSync } = createRequire(import.meta.url)("node:fs");
  return globSync(join(place, "siterag-profile*.json"));
}

const ROLES = { compare, memory, memoryWithoutBudget, fresh, profile };
const found = Object.entries(ROLES).find(([name]) => name === role);
if (found === undefined) throw new Error(`No measurement ${role}.`);
console.log(JSON.stringify(await found[1]()));
