import { defineConfig, type OxlintOverride } from "oxlint";

const PURE = ["words"] as const;
const BELOW_USE_CASES = [
  "providers",
  "embedding",
  "generation",
  "store",
  "sending",
  "content",
  "chunking",
  "html",
  "planning",
  "reader",
  "ranking",
  "config",
  "words",
] as const;

/** Every folder of `src`, with those that it may import beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  adapters: [
    "indexing",
    "searching",
    "publishing",
    "verifying",
    "upkeep",
    "providers",
    "embedding",
    "interface",
    "content",
    "config",
    "words",
  ],
  interface: ["reader", "ranking", "words"],
  cli: [
    "indexing",
    "searching",
    "publishing",
    "verifying",
    "upkeep",
    "providers",
    "reader",
    "config",
    "words",
  ],
  indexing: ["publishing", ...BELOW_USE_CASES],
  searching: BELOW_USE_CASES,
  verifying: ["publishing", ...BELOW_USE_CASES],
  upkeep: ["indexing", "publishing", ...BELOW_USE_CASES],
  publishing: ["store", "reader", "ranking", "config", "words"],
  providers: [
    "embedding",
    "generation",
    "sending",
    "chunking",
    "planning",
    "ranking",
    "config",
    "words",
  ],
  embedding: ["sending", "chunking", "planning", "words"],
  generation: ["sending", "chunking", "planning", "config", "words"],
  sending: ["planning", "words"],
  store: ["words"],
  content: ["html", "words"],
  chunking: ["html", "words"],
  html: PURE,
  planning: PURE,
  reader: ["ranking", "words"],
  ranking: PURE,
  config: ["words"],
  words: [],
};

interface ForbiddenImports {
  readonly regex?: string;
  readonly group?: string[];
  readonly message: string;
}

const LANCEDB = {
  group: ["@lancedb/*", "apache-arrow"],
  message: "Only store/lancedb.ts and store/arrow-rows.ts know LanceDB and Arrow.",
};
const SDK = { group: ["@google/genai"], message: "Only providers/gemini knows the SDK." };
const NODE = {
  group: ["node:*", "!node:crypto", "commander"],
  message: "Pure code knows no network, clock, disk or database.",
};
const ROOT = {
  regex: String.raw`^(?:\.\./)+(?:index|testing)\.ts$`,
  message: "src/index.ts and src/testing.ts export; no other file imports them.",
};

/** Packages that only some folders know, by folder: `node:*` is none of pure code's. */
const packagesClosedTo = (folder: string): readonly ForbiddenImports[] => [
  LANCEDB,
  SDK,
  ...(["chunking", "html", "planning", "ranking", "reader", "interface"].includes(folder)
    ? [NODE]
    : []),
];

function foldersClosedTo(folder: string): ForbiddenImports {
  const allowed = MAY_IMPORT[folder] ?? [];
  const closed = Object.keys(MAY_IMPORT).filter(
    (other) => other !== folder && !allowed.includes(other),
  );
  const names = allowed.length === 0 ? "nothing" : allowed.join(", ");
  return {
    regex: String.raw`^(?:\.\./)+(?:${closed.join("|")})/`,
    message: `\`${folder}\` imports ${names}.`,
  };
}

/** The rule for files of a folder; `except` are packages that these files may know. */
const layer = (
  folder: string,
  files: string,
  except: readonly ForbiddenImports[] = [],
): OxlintOverride => ({
  files: [files],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [foldersClosedTo(folder), ROOT, ...packagesClosedTo(folder)].filter(
          (pattern) => !except.includes(pattern),
        ),
      },
    ],
  },
});

export default defineConfig({
  plugins: ["typescript", "import", "unicorn", "promise", "node", "vitest"],
  categories: { correctness: "error", suspicious: "error", perf: "warn" },
  rules: {
    "import/no-cycle": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/consistent-type-assertions": ["error", { assertionStyle: "never" }],
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/switch-exhaustiveness-check": [
      "error",
      { considerDefaultExhaustiveForUnions: true },
    ],
    "no-console": "error",
    "no-await-in-loop": "off",
    "no-underscore-dangle": "off",
    "unicorn/no-array-sort": "off",
    "unicorn/no-await-expression-member": "off",
    "import/no-named-as-default-member": "off",
    // A bundler takes such an import for the styles of a site.
    "import/no-unassigned-import": ["error", { allow: ["**/*.css"] }],
    "promise/no-callback-in-promise": "off",
    "promise/no-promise-in-callback": "off",
    "vitest/valid-expect": ["error", { maxArgs: 2 }],
  },
  overrides: [
    {
      files: ["src/**"],
      rules: {
        "max-lines": ["error", { max: 250, skipBlankLines: false, skipComments: false }],
        "max-lines-per-function": [
          "error",
          { max: 60, skipBlankLines: false, skipComments: false },
        ],
        complexity: ["error", 15],
      },
    },
    ...Object.keys(MAY_IMPORT).map((folder) => layer(folder, `src/${folder}/**`)),
    layer(
      "store",
      "src/store/{arrow-rows,compaction,database,lancedb,store-table,table-handle,vector-index}.ts",
      [LANCEDB],
    ),
    layer("providers", "src/providers/gemini/**", [SDK]),
    layer("chunking", "src/chunking/satteri.ts", [NODE]),
    {
      files: ["src/index.ts", "src/testing.ts"],
      rules: { "no-restricted-imports": ["error", { patterns: [LANCEDB, SDK] }] },
    },
    {
      files: ["src/adapters/work-in-thread.ts"],
      // A thread takes no origin.
      rules: { "unicorn/require-post-message-target-origin": "off" },
    },
    {
      files: ["bench/**"],
      // A thread's port takes no origin.
      rules: { "no-console": "off", "unicorn/require-post-message-target-origin": "off" },
    },
    { files: ["test/**"], rules: { "unicorn/consistent-function-scoping": "off" } },
  ],
  ignorePatterns: ["dist/**", "fixtures/**", "golden/**", "example-site/**"],
});
