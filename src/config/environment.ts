import { SiteragError } from "../words/errors.ts";
import { Secret } from "../words/secret.ts";
import type { ServiceAccess, SiteragConfig } from "./schema.ts";

/** The environment of a process, as far as it is looked at. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings that variables stand for. */
const VARIABLES: readonly {
  readonly name: string;
  readonly path: readonly [block: keyof SiteragConfig, key: string];
  readonly isNumber: boolean;
}[] = [
  { name: "SITERAG_BATCHING_STRATEGY", path: ["batching", "strategy"], isNumber: false },
  { name: "SITERAG_TEXTS_PER_CALL", path: ["batching", "textsPerCall"], isNumber: true },
  { name: "SITERAG_BUDGET_USD", path: ["budget", "maxCostUsd"], isNumber: true },
  { name: "SITERAG_COALESCE_MAX", path: ["coalesce", "maxTexts"], isNumber: true },
  { name: "SITERAG_QUERY_CUTOFF", path: ["queries", "cutoffAfter"], isNumber: true },
];

/** What is no number is passed on, for the schema's message. */
const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;

/** The settings of the environment, unchecked; an empty variable counts as unset. */
export function readEnvironment(
  environment: Environment,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const settings: Record<string, Record<string, unknown>> = {};
  for (const { name, path, isNumber } of VARIABLES) {
    const value = valueOf(environment, name);
    const [block, key] = path;
    if (value === null) continue;
    const setting = isNumber && NUMBER.test(value) ? Number(value) : value;
    settings[block] = { ...settings[block], [key]: setting };
  }
  return settings;
}

/**
 * Whether builds leave siterag out: `SITERAG=off`. Throws CONFIG_INVALID for a value that means nothing.
 */
export function isOff(environment: Environment): boolean {
  const value = valueOf(environment, "SITERAG");
  if (value === null || value === "on") return false;
  if (value === "off") return true;
  throw new SiteragError(
    "CONFIG_INVALID",
    `the environment: SITERAG: expected "off" or "on", got ${JSON.stringify(value)}`,
  );
}

/** Variables whose values are secrets, by the ends of their names. */
const SECRET_NAME =
  /(?:(?:^|_)(?:key|dsn)|token|secret|password|credentials?|connection_?string)$/iu;

/** A shorter value may be a word that a text has by chance. */
const SHORTEST_SECRET = 12;

/** Values of the environment that may be in no file. */
export const secretsIn = (environment: Environment): readonly string[] =>
  Object.keys(environment)
    .filter((name) => SECRET_NAME.test(name))
    .flatMap((name) => valueOf(environment, name) ?? [])
    .filter((value) => value.length >= SHORTEST_SECRET);

/** Key and address of the Gemini API, under the names that Google's SDK reads, in its order. */
export function readAccess(environment: Environment): ServiceAccess {
  const key = valueOf(environment, "GOOGLE_API_KEY") ?? valueOf(environment, "GEMINI_API_KEY");
  const baseUrl = valueOf(environment, "GOOGLE_GEMINI_BASE_URL");
  return {
    apiKey: key === null ? null : new Secret(key),
    baseUrl,
    unusedProxy: unusedProxy(environment, baseUrl?.startsWith("http:") === true ? "http" : "https"),
  };
}

/**
 * The variable that names a proxy in vain. Node.js reads it only if NODE_USE_ENV_PROXY or an option says so:
 * https://nodejs.org/api/cli.html#node_use_env_proxy1
 */
function unusedProxy(environment: Environment, scheme: "http" | "https"): string | null {
  const isUsed =
    valueOf(environment, "NODE_USE_ENV_PROXY") === "1" ||
    valueOf(environment, "NODE_OPTIONS")?.includes("--use-env-proxy") === true;
  const names = [`${scheme}_proxy`, `${scheme}_proxy`.toUpperCase()];
  return isUsed ? null : (names.find((name) => valueOf(environment, name) !== null) ?? null);
}

function valueOf(environment: Environment, name: string): string | null {
  const value = environment[name]?.trim();
  return value === undefined || value === "" ? null : value;
}

/** Name of the variable that stands for a setting, or null. */
export const variableOf = (path: readonly PropertyKey[]): string | null =>
  VARIABLES.find((variable) => variable.path.join() === path.join())?.name ?? null;
