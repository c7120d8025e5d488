/**
 * Breaks the code in twelve ways, one at a time and in a copy of the tree, and runs the tests that guard
 * against each. A mutation that no test notices ends with exit code 1: `npm run mutate`.
 */
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { MUTATIONS, type Mutation } from "./mutations.ts";

const ROOT = join(import.meta.dirname, "../..");
const COPIED = [
  "src",
  "test",
  "build",
  "golden",
  "fixtures",
  "example-site/src",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
];

/** A copy of the tree, so that an interrupted run leaves nothing broken behind. */
async function copyOfTree(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "siterag-mutate-"));
  const filter = (path: string): boolean => basename(path) !== "node_modules";
  for (const name of COPIED) {
    await cp(join(ROOT, name), join(folder, name), { recursive: true, filter });
  }
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

interface Outcome {
  readonly exitCode: number | null;
  readonly output: string;
}

function runTests(folder: string, files: readonly string[], only?: string): Promise<Outcome> {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const filter = only === undefined ? [] : ["-t", only];
  const arguments_ = [vitest, "run", "--project", "unit", "--no-color", ...files, ...filter];
  const child = spawn(process.execPath, arguments_, {
    cwd: folder,
    env: { ...process.env, CI: "true" },
  });
  let output = "";
  child.stdout.on("data", (piece: Buffer) => (output += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (output += piece.toString()));
  return new Promise((resolve) => {
    child.on("close", (exitCode) => resolve({ exitCode, output }));
  });
}

/** Changes the one place that a mutation names, and gives the text as it was. */
async function mutate(folder: string, { file, find, replace }: Mutation): Promise<string> {
  const path = join(folder, file);
  const text = await readFile(path, "utf8");
  const places = text.split(find).length - 1;
  if (places !== 1) throw new Error(`${file} has ${places} places with: ${find}`);
  await writeFile(
    path,
    text.replace(find, () => replace),
  );
  return text;
}

/** Null: the tests noticed it. */
async function problemOf(folder: string, mutation: Mutation): Promise<string | null> {
  const { file, only, tests } = mutation;
  const sound = await runTests(folder, tests, only);
  if (sound.exitCode !== 0) return `the tests are red without it:\n${sound.output}`;
  const text = await mutate(folder, mutation);
  const { exitCode, output } = await runTests(folder, tests, only);
  await writeFile(join(folder, file), text);
  if (exitCode === 0) return "no test noticed it";
  return /Tests\s+\d+ failed/u.test(output) ? null : `no test failed, but the run did:\n${output}`;
}

const left = [...MUTATIONS];
let unnoticed = 0;

async function work(): Promise<void> {
  const folder = await copyOfTree();
  try {
    for (let mutation = left.shift(); mutation !== undefined; mutation = left.shift()) {
      const problem = await problemOf(folder, mutation);
      if (problem !== null) unnoticed += 1;
      process.stdout.write(
        `${problem === null ? "noticed" : "MISSED "}  ${mutation.name}${problem === null ? "" : `: ${problem}`}\n`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
const total = MUTATIONS.length;
process.stdout.write(`${total - unnoticed} passed, ${unnoticed} failed\n`);
process.exitCode = unnoticed === 0 ? 0 : 1;
