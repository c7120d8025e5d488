import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { record } from "../cli/recording.ts";
import type { Recorded } from "../cli/recording.ts";
import { faultsOf } from "../support/cli-contract.ts";
import type { Expected } from "../support/cli-contract.ts";
import { startEmulator } from "../support/emulator/emulator.ts";
import type { Emulator } from "../support/emulator/emulator.ts";
import { recordProcess } from "../support/record-process.ts";
import { casesOf, named, SEEDS } from "../support/seeds.ts";
import { folderWith } from "../support/temporary-folder.ts";

const CASES = 100;
/** No case has more to do than two short pages. */
const LONGEST_MS = 10_000;

/** A command line in a folder of its own, which holds two pages; `<emulator>` is its address. */
interface Case extends Expected {
  readonly argv: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly isInterrupted?: boolean;
}

const SECRET = "AIzaSyFuzz0123456789secret";
const PAGES = { "docs/a.md": "# A\n\nOne.\n", "docs/b.md": "# B\n\nTwo.\n" };
const MOCK = { embedding: { provider: "mock" } };
const DONE = [0];
const USAGE = [2];

const pick = <Value>(...values: readonly Value[]): fc.Arbitrary<Value> =>
  fc.constantFrom(...values);

/** Keys with values that are right, and with some that are not, whatever stands beside them. */
const KEYS: Readonly<
  Record<string, readonly [right: readonly unknown[], wrong: readonly unknown[]]>
> = {
  "content.root": [
    ["docs", "./docs/", "docs/../docs"],
    ["", 5, null, ["docs"]],
  ],
  "content.include": [
    [["**/*.md"], ["a.md"]],
    ["**/*.md", [], [5], {}],
  ],
  "content.baseUrl": [
    ["/", "/docs/", "https://example.org/x/"],
    ["", null, 1],
  ],
  "content.urlStyle": [
    ["clean", "html"],
    ["Clean", 0, {}],
  ],
  "chunking.maxTokens": [
    [64, 512],
    [31, 8193, 1.5, "512", Number.MAX_VALUE, null, "\u202Eevil"],
  ],
  "chunking.overlapTokens": [
    [0, 8],
    [-1, 4097, true],
  ],
  "batching.strategy": [
    ["auto", "individual"],
    ["fast", "\u009B31m", "", null, ["auto"]],
  ],
  "batching.batchThreshold": [
    [10, "adaptive"],
    ["Adaptive", 0, -5],
  ],
  "batching.textsPerCall": [
    [1, 100],
    [0, 101, "many"],
  ],
  "batching.preferIndividualFor": [
    [[], ["index"]],
    [["all"], "index"],
  ],
  "calls.timeoutMs": [
    [1000, 30_000],
    [0, -1, "1s"],
  ],
  "calls.jitter": [
    [0, 1],
    [1.1, "0.2"],
  ],
  "budget.maxCostUsd": [
    [null, 0.5],
    [-1, "1"],
  ],
  "store.index": [
    ["chunks", "main-2"],
    ["pages", "meta", "vectors_x", "a/b", "../x", ""],
  ],
  "search.mode": [
    ["hybrid", "text"],
    ["fast", 3],
  ],
  "search.limit": [
    [1, 100],
    [0, 101, 2.5],
  ],
  "search.queries": [
    [[], ["what?"]],
    ["what?", [""], [7]],
  ],
  "embedding.provider": [["mock"], ["openai", "", 4, {}]],
  "embedding.dimensions": [
    [8, 128],
    [7, 3073, "768"],
  ],
  "generation.enrich": [["off"], ["on", true]],
};
const UNKNOWN_KEYS = {
  apiKey: SECRET,
  "embedding.apiKey": SECRET,
  "embedding.api_key": SECRET,
  "content.rot": "docs",
  "chunking.max_tokens": 5,
  constructor: 1,
  "content.__proto__x": 1,
  "": 1,
  ["x".repeat(5000)]: 1,
};

/** `a.b: 1` as `{ a: { b: 1 } }`. */
function nested(
  settings: Readonly<Record<string, unknown>>,
): Record<string, Record<string, unknown>> {
  const blocks: Record<string, Record<string, unknown>> = {};
  for (const [path, value] of Object.entries(settings)) {
    const [block = "", key] = path.split(/\.(.*)/u);
    Object.assign(
      blocks,
      key === undefined ? { [block]: value } : { [block]: { ...blocks[block], [key]: value } },
    );
  }
  return blocks;
}

/** Every place of a configuration, with how settings are written there. */
const PLACES: readonly (readonly [place: string, write: (settings: unknown) => string])[] = [
  ["siterag.config.json", JSON.stringify],
  ["siterag.config.json", (settings) => `\uFEFF${JSON.stringify(settings, null, 2)}`],
  [".siteragrc", JSON.stringify],
  [".siteragrc.yaml", JSON.stringify],
  [".siteragrc.json", JSON.stringify],
  ["package.json", (settings) => JSON.stringify({ name: "x", siterag: settings })],
  ...[
    "siterag.config.mjs",
    "siterag.config.js",
    "siterag.config.ts",
    "siterag.config.mts",
    ".siteragrc.mjs",
  ].map(
    (place) =>
      [place, (settings: unknown) => `export default ${JSON.stringify(settings)};`] as const,
  ),
  ["siterag.config.cjs", (settings) => `module.exports = ${JSON.stringify(settings)};`],
  ["siterag.config.cts", (settings) => `module.exports = ${JSON.stringify(settings)};`],
];

const COMMANDS = pick<readonly string[]>(
  ["index"],
  ["index", "--json"],
  ["index", "--dry-run", "--json"],
  ["status"],
  ["status", "--json"],
);

const settingsFrom = (side: 0 | 1, minLength: number, maxLength: number) =>
  fc
    .subarray(Object.keys(KEYS), { minLength, maxLength })
    .chain((keys) =>
      fc.tuple(
        ...keys.map((key) =>
          pick(...(KEYS[key]?.[side] ?? [])).map((value) => [key, value] as const),
        ),
      ),
    )
    .map((entries) => Object.fromEntries(entries));

const SETTINGS: fc.Arbitrary<Case> = fc
  .tuple(
    settingsFrom(0, 0, 6),
    fc.oneof(fc.constant({}), settingsFrom(1, 1, 3)),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      pick(...Object.entries(UNKNOWN_KEYS)).map(([key, value]) => ({ [key]: value })),
    ),
    pick(...PLACES),
    COMMANDS,
  )
  .map(([right, wrong, unknown, [place, write], argv]) => {
    const faulty = [
      ...Object.keys(wrong),
      ...Object.keys(unknown).filter((key) => key.length < 100),
    ];
    const settings = nested({ "embedding.provider": "mock", ...right, ...wrong, ...unknown });
    const isRight = Object.keys({ ...wrong, ...unknown }).length === 0;
    // With another provider its other keys are not looked at.
    const says = "embedding.provider" in wrong ? ["embedding.provider"] : faulty;
    return {
      argv,
      files: { [place]: write(settings) },
      env: {},
      exits: isRight ? DONE : USAGE,
      says,
      secrets: [SECRET],
    };
  });

/** Files that hold no settings. */
const BROKEN: Readonly<Record<string, readonly string[]>> = {
  "siterag.config.json": ["{", "[]", "5", "null", "", '"text"', "\u0000", "{} {}"],
  ".siteragrc": ["content: [", "- a", "5", "a: 1\na: 2", "&a *a", "\tx: 1"],
  ".siteragrc.yaml": ["a: *b", "text"],
  "siterag.config.mjs": [
    "export default",
    "export default 5;",
    "export default () => ({});",
    "export const a = {};",
    'throw new Error("no luck");',
    'throw "plain";',
    "throw null;",
    'throw Object.assign(new Error("x"), { code: "ENOENT" });',
    'import "not-there"; export default {};',
    'export default { get content() { throw new TypeError("getter"); } };',
    'export default { content: { get root() { throw new Error("deep"); } } };',
    'export default new Proxy({}, { ownKeys() { throw new Error("proxy"); } });',
    'export default await Promise.reject(new RangeError("late"));',
  ],
  "siterag.config.ts": ["export default { a: ;", "export default 1 as const;"],
};

const BROKEN_FILE: fc.Arbitrary<Case> = pick(...Object.entries(BROKEN)).chain(([place, contents]) =>
  fc.tuple(pick(...contents), COMMANDS).map(([content, argv]) => ({
    argv,
    files: { [place]: content },
    env: {},
    exits: USAGE,
    says: [place],
  })),
);

/** What stands in a `package.json` beside a good configuration, and whether npm could read it. */
const PACKAGES: readonly (readonly [content: string, isReadable: boolean])[] = [
  ['\uFEFF{"name":"x"}', true],
  ['{"type":"module"}', true],
  ['{"name":"x","siterag":{"chunking":{"maxTokens":1}}}', true],
  ["{}", true],
  ["{ broken", false],
  ["null", false],
  ["[]", false],
  ["", false],
  ["\uFEFF", false],
];
const GOOD_FILES: Readonly<Record<string, string>> = {
  "siterag.config.json": JSON.stringify(MOCK),
  "siterag.config.mjs": `export default ${JSON.stringify(MOCK)};`,
  "siterag.config.ts": `export default ${JSON.stringify(MOCK)};`,
};
const ODD_PACKAGE: fc.Arbitrary<Case> = fc
  .tuple(pick(...PACKAGES), pick(...Object.entries(GOOD_FILES)), COMMANDS, fc.boolean())
  .map(([[content, isReadable], [place, config], argv, isNamed]) => ({
    argv: isNamed ? [...argv, "--config", place] : argv,
    files: { [place]: config, "package.json": content },
    env: {},
    // Node itself reads it to import a script.
    exits: isReadable || place.endsWith(".json") ? DONE : [...DONE, ...USAGE],
  }));
const COMMONJS: fc.Arbitrary<Case> = fc
  .tuple(COMMANDS, pick("ts", "js"))
  .map(([argv, extension]) => ({
    argv,
    files: {
      "package.json": '{"type":"commonjs"}',
      [`siterag.config.${extension}`]: GOOD_FILES["siterag.config.ts"] ?? "",
    },
    env: {},
    exits: [...DONE, ...USAGE],
  }));

/** Words after `siterag`, right or wrong, in a folder without an index. */
const LINES: readonly (readonly [line: string, exits: readonly number[]])[] = [
  ["index --batching-strategy auto", DONE],
  ["index --batching-strategy=individual --json", DONE],
  ["index --batch-from-file docs/list.txt --json", DONE],
  ["index --batching-strategy fast", USAGE],
  ["index --batching-strategy", USAGE],
  ["index --batch-from-file none.txt --json", USAGE],
  ["index --batch-from-file docs", USAGE],
  ["index --dryrun --json", USAGE],
  ["index extra", USAGE],
  ["index --json=5", USAGE],
  ["index --config none.json", USAGE],
  ["index --config docs", USAGE],
  ["index --config", USAGE],
  ["search one --json", USAGE],
  ["search --json", USAGE],
  ["search one --limit 0", USAGE],
  ["search one --limit 1e2", USAGE],
  ["search one --min-score 2 --json", USAGE],
  ["search one --mode fast", USAGE],
  ["search one --filter page", USAGE],
  ["search one --filter a=b --json", USAGE],
  ["search one --batch-query none.txt", USAGE],
  ["search --batch-query docs/empty.txt --json", USAGE],
  ["ask one --json", USAGE],
  ["ask", USAGE],
  ["related a.md --json", USAGE],
  ["related", USAGE],
  ["check --json", USAGE],
  ["check none.yaml", USAGE],
  ["check docs/a.md --json", USAGE],
  ["check --min-recall 2", USAGE],
  ["cache", USAGE],
  ["cache stats --json", DONE],
  ["cache prune --json", DONE],
  ["cache clear", DONE],
  ["cache burn", USAGE],
  ["jobs list --json", DONE],
  ["jobs cancel", USAGE],
  ["jobs cancel none --json", USAGE],
  ["status --json", DONE],
  ["init --json", USAGE],
  ["", USAGE],
  ["serch", USAGE],
  ["--", USAGE],
  ["--json", USAGE],
  ["x".repeat(10_000), USAGE],
  [`search one --limit ${"9".repeat(10_000)}`, USAGE],
  ["search one --mode \u202Efast\u0007 --json", USAGE],
];
const FLAGS: fc.Arbitrary<Case> = pick(...LINES).map(([line, exits]) => ({
  argv: line.split(" ").filter((word) => word !== ""),
  files: {
    "siterag.config.json": JSON.stringify(MOCK),
    "docs/list.txt": "a.md\n",
    "docs/empty.txt": "\n",
  },
  env: {},
  exits,
}));

/** Variables of the environment that are right or wrong whatever the rest is. */
const VARIABLES: readonly (readonly [env: Case["env"], exits: readonly number[]])[] = [
  [{ SITERAG_BATCHING_STRATEGY: "fast" }, USAGE],
  [{ SITERAG_BATCHING_STRATEGY: "" }, DONE],
  [{ SITERAG_TEXTS_PER_CALL: "0" }, USAGE],
  [{ SITERAG_TEXTS_PER_CALL: "1e400" }, USAGE],
  [{ SITERAG_BUDGET_USD: "-1" }, USAGE],
  [{ SITERAG_BUDGET_USD: "free" }, USAGE],
  [{ SITERAG_QUERY_CUTOFF: "0x10" }, USAGE],
  [{ GEMINI_API_KEY: SECRET, GOOGLE_GEMINI_BASE_URL: `ftp://user:${SECRET}@host/` }, DONE],
];
const ENVIRONMENT: fc.Arbitrary<Case> = fc
  .tuple(pick(...VARIABLES), pick<readonly string[]>(["index", "--json"], ["status"]))
  .map(([[env, exits], argv]) => ({
    argv,
    files: { "siterag.config.json": JSON.stringify(MOCK) },
    env,
    exits,
    secrets: [SECRET],
  }));

/** Ways to reach the service; a key that it does not know fails the run. */
const SERVICES: readonly (readonly [env: Case["env"], exits: readonly number[]])[] = [
  [{}, USAGE],
  [{ GEMINI_API_KEY: " " }, USAGE],
  [{ GEMINI_API_KEY: SECRET, GOOGLE_GEMINI_BASE_URL: "<emulator>" }, [1]],
  [{ GOOGLE_API_KEY: SECRET, GOOGLE_GEMINI_BASE_URL: "<emulator>/v1beta" }, [1, 2]],
  [{ GEMINI_API_KEY: SECRET, GOOGLE_GEMINI_BASE_URL: `<emulator>/?key=${SECRET}` }, [1, 2]],
  [{ GEMINI_API_KEY: SECRET, GOOGLE_GEMINI_BASE_URL: `ftp://user:${SECRET}@host/` }, USAGE],
  [{ GEMINI_API_KEY: SECRET, GOOGLE_GEMINI_BASE_URL: `${SECRET} no address` }, USAGE],
  [
    { GEMINI_API_KEY: SECRET, GOOGLE_GEMINI_BASE_URL: `http://user:${SECRET}@127.0.0.1:1/` },
    [1, 2],
  ],
  [{ GEMINI_API_KEY: `${SECRET}\n`, GOOGLE_GEMINI_BASE_URL: "<emulator>" }, [1]],
  [{ GEMINI_API_KEY: `${SECRET}\u20AC`, GOOGLE_GEMINI_BASE_URL: "<emulator>" }, [1, 2]],
];
const NO_WAITS = { maxRetries: 1, initialBackoffMs: 0, maxBackoffMs: 0 };
const SERVICE: fc.Arbitrary<Case> = fc
  .tuple(pick(...SERVICES), pick<readonly string[]>(["index"], ["index", "--json"]))
  .map(([[env, exits], argv]) => ({
    argv,
    files: {
      "siterag.config.json": JSON.stringify({
        calls: NO_WAITS,
        batching: { strategy: "individual" },
      }),
    },
    env,
    exits,
    secrets: [SECRET],
  }));

const INTERRUPTED: fc.Arbitrary<Case> = COMMANDS.map((argv) => ({
  argv,
  files: { "siterag.config.json": JSON.stringify(MOCK) },
  env: {},
  exits: [130],
  isInterrupted: true,
}));

const CASE = fc.oneof(
  { weight: 8, arbitrary: SETTINGS },
  { weight: 5, arbitrary: BROKEN_FILE },
  { weight: 3, arbitrary: ODD_PACKAGE },
  { weight: 1, arbitrary: COMMONJS },
  { weight: 8, arbitrary: FLAGS },
  { weight: 2, arbitrary: ENVIRONMENT },
  { weight: 3, arbitrary: SERVICE },
  { weight: 1, arbitrary: INTERRUPTED },
);

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  return () => emulator.close();
});

it.each(SEEDS)(`keeps the contract in ${CASES} command lines of seed %i`, async (seed) => {
  const wrong: string[] = [];
  for (const one of casesOf(seed, CASES, CASE)) {
    const { argv, env, files, isInterrupted = false } = one.value;
    const cwd = await folderWith({ ...PAGES, ...files });
    const variables = Object.entries(env).map(([name, value]) => [
      name,
      value.replace("<emulator>", emulator.url),
    ]);
    const late = AbortSignal.timeout(LONGEST_MS);
    const signal = isInterrupted ? AbortSignal.abort() : late;
    const recorded = await record(argv, { cwd, env: Object.fromEntries(variables), signal });
    const faults = [...faultsOf(argv, recorded, one.value), ...(late.aborted ? ["it hangs"] : [])];
    if (faults.length > 0)
      wrong.push(`${faults.join(", ")}: ${shown(recorded)}\n  in ${cut(named(one))}`);
  }
  expect(wrong, wrong.join("\n")).toEqual([]);
});

const cut = (text: string): string => (text.length > 700 ? `${text.slice(0, 700)}…` : text);
const shown = ({ exitCode, stderr, stdout }: Recorded): string =>
  cut(`exit ${exitCode}, ${(stderr + stdout).trim()}`);

/** Configurations whose harm only a process of its own shows. */
const SCRIPTS = [
  ["prints", 'console.log("hello"); process.stdout.write("there\\n");', DONE],
  ["has a timer", "setInterval(() => undefined, 1000);", DONE],
  [
    "listens",
    'const { createServer } = await import("node:http"); createServer().listen(0);',
    DONE,
  ],
  ["ends the process", "process.exitCode = 3;", DONE],
] as const;

it.each(SCRIPTS)(
  "keeps the contract with a configuration that %s",
  async (_name, script, exits) => {
    const config = `${script}\nexport default ${JSON.stringify(MOCK)};`;
    const cwd = await folderWith({ ...PAGES, "siterag.config.mjs": config });
    const argv = ["index", "--json"];
    const recorded = await recordProcess(argv, { cwd });
    expect(faultsOf(argv, recorded, { exits }), shown(recorded)).toEqual([]);
  },
);
