import type { Recorded } from "../cli/recording.ts";

/** What must hold of one run of the command line. */
export interface Expected {
  /** Exit codes that are right here. */
  readonly exits: readonly number[];
  /** What a failure must name. */
  readonly says?: readonly string[];
  /** What no stream may hold. */
  readonly secrets?: readonly string[];
}

/** What never reaches a user, whatever happens. */
const NEVER = [
  ["a stack trace", /^\s+at .+[:(]/mu],
  ["an error of zod", /ZodError|"code": "invalid_/u],
  ["an error that nobody foresaw", /unexpected error/u],
  [
    "text of Rust",
    /\.rs\b|\.cargo|rustc|panicked|Caused by|LanceError|lance::|object_store|[Ww]rapped error|Generic \w+ error|os error \d|next batch from stream|invalid magic/u,
  ],
  ["a control character", /[^\P{Cc}\n\t]|\p{Bidi_Control}/u],
] as const;

/** Everything that is wrong with a run, a phrase each; empty when it kept the contract. */
export function faultsOf(
  argv: readonly string[],
  { exitCode, stderr, stdout }: Recorded,
  { exits, says = [], secrets = [] }: Expected,
): string[] {
  const isDone = exitCode === 0;
  const all = stdout + stderr;
  const faults: (readonly [what: string, isFault: boolean])[] = [
    [`exit ${exitCode}, not ${exits.join(" or ")}`, !exits.includes(exitCode)],
    ["a failure without a word", !isDone && stderr.trim() === "" && stdout.trim() === ""],
    ["stdout is not JSON alone", argv.includes("--json") && !isJsonOrEmpty(stdout, isDone)],
    ...NEVER.map(([what, pattern]) => [what, pattern.test(all)] as const),
    ...secrets.map((secret) => ["a secret", all.includes(secret)] as const),
    ...says.map((part) => [`no word of ${part}`, !isDone && !all.includes(part)] as const),
  ];
  return faults.flatMap(([what, isFault]) => (isFault ? [what] : []));
}

function isJsonOrEmpty(stdout: string, isDone: boolean): boolean {
  if (!isDone && stdout === "") return true;
  try {
    JSON.parse(stdout);
    return true;
  } catch {
    return false;
  }
}
