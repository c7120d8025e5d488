import { Secret } from "../words/secret.ts";
import type { ServiceAccess, SiteragConfig } from "./schema.ts";

/** The environment of a process, as far as it is looked at. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that a variable stands for. */
interface Variable {
  readonly name: string;
  readonly path: readonly [block: keyof SiteragConfig, key: string];
  /** What the schema checks; what is no such value is passed on for its message. */
  readonly parse: (value: string) => unknown;
}

const asText = (value: string): string => value;

const asNumber = (value: string): unknown =>
  /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu.test(value) ? Number(value) : value;

const VARIABLES: readonly Variable[] = [
  { name: "SITERAG_BATCHING_STRATEGY", path: ["batching", "strategy"], parse: asText },
  { name: "SITERAG_TEXTS_PER_CALL", path: ["batching", "textsPerCall"], parse: asNumber },
  { name: "SITERAG_BUDGET_USD", path: ["budget", "maxCostUsd"], parse: asNumber },
  { name: "SITERAG_COALESCE_MAX", path: ["coalesce", "maxTexts"], parse: asNumber },
  { name: "SITERAG_QUERY_CUTOFF", path: ["queries", "cutoffAfter"], parse: asNumber },
];

/** The settings of the environment, unchecked; an empty variable counts as unset. */
export function readEnvironment(
  environment: Environment,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const settings: Record<string, Record<string, unknown>> = {};
  for (const { name, path, parse } of VARIABLES) {
    const value = valueOf(environment, name);
    const [block, key] = path;
    if (value !== null) settings[block] = { ...settings[block], [key]: parse(value) };
  }
  return settings;
}

/** Key and address of the Gemini API, under the names that Google's SDK reads, in its order. */
export function readAccess(environment: Environment): ServiceAccess {
  const key = valueOf(environment, "GOOGLE_API_KEY") ?? valueOf(environment, "GEMINI_API_KEY");
  return {
    apiKey: key === null ? null : new Secret(key),
    baseUrl: valueOf(environment, "GOOGLE_GEMINI_BASE_URL"),
  };
}

function valueOf(environment: Environment, name: string): string | null {
  const value = environment[name]?.trim();
  return value === undefined || value === "" ? null : value;
}

/** Name of the variable that stands for a setting, or null. */
export const variableOf = (path: readonly PropertyKey[]): string | null =>
  VARIABLES.find((variable) => variable.path.join() === path.join())?.name ?? null;
