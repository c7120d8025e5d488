import type { Project } from "./project.ts";

/**
 * LanceDB's optional dependencies that siterag does not use. The first one brings `onnxruntime-node` and
 * `sharp` along.
 */
const UNUSED = ["@huggingface/transformers", "openai"] as const;

/** A package for one rare machine, on which there is no LanceDB: everywhere else it is left out. */
const NOWHERE = "npm:@esbuild/aix-ppc64@0.25.0";

/** Yarn 1 refuses a package for another machine. Every Yarn accepts a link to a folder that is not there. */
const MISSING = "link:./does-not-exist";

const each = (line: (name: string) => string): string => UNUSED.map(line).join(", ");

interface PackageManager {
  readonly name: string;
  readonly lockFile: string;
  /** The file that the lines belong into, … */
  readonly file: string;
  /** … and the lines. */
  readonly lines: readonly string[];
}

const NPM: PackageManager = {
  name: "npm",
  lockFile: "package-lock.json",
  file: "package.json",
  lines: [`"overrides": { "@lancedb/lancedb": { ${each((name) => `"${name}": "${NOWHERE}"`)} } }`],
};

/** Those whose projects `init` has something to say to. */
export const PACKAGE_MANAGERS: readonly PackageManager[] = [
  NPM,
  {
    name: "pnpm",
    lockFile: "pnpm-lock.yaml",
    file: "pnpm-workspace.yaml",
    lines: [
      "overrides:",
      ...UNUSED.map((name) => `  "@lancedb/lancedb>${name}": "-"`),
      "allowBuilds:",
      "  protobufjs: false",
    ],
  },
  {
    name: "yarn",
    lockFile: "yarn.lock",
    file: "package.json",
    lines: [`"resolutions": { ${each((name) => `"@lancedb/lancedb/${name}": "${MISSING}"`)} }`],
  },
];

/**
 * What to write where, so that installing LanceDB leaves out what siterag does not use: for the package
 * manager of the project's lock file, or else of the `agent` that runs siterag (`pnpm/11.2.0 …`).
 */
export function lighterInstall(project: Project, agent: string): readonly string[] {
  const { file, lines, name } =
    PACKAGE_MANAGERS.find(({ lockFile }) => project.has(lockFile)) ??
    PACKAGE_MANAGERS.find((manager) => agent.startsWith(`${manager.name}/`)) ??
    NPM;
  return [
    `To leave out packages that LanceDB brings and siterag does not use, add this to ${file} and run \`${name} install\`:`,
    ...lines.map((line) => `  ${line}`),
  ];
}
