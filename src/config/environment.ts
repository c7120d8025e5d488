import type { SiteragConfig } from "./schema.ts";

/** The environment of a process, as far as it is looked at. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that a variable stands for. */
interface Variable {
  readonly name: string;
  readonly path: readonly [section: keyof SiteragConfig, key: string];
}

const VARIABLES: readonly Variable[] = [
  { name: "SITERAG_BATCHING_STRATEGY", path: ["batching", "strategy"] },
];

/** The settings of the environment, unchecked; an empty variable counts as unset. */
export function readEnvironment(
  environment: Environment,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const settings: Record<string, Record<string, string>> = {};
  for (const { name, path } of VARIABLES) {
    const value = environment[name];
    const [section, key] = path;
    if (value !== undefined && value !== "")
      settings[section] = { ...settings[section], [key]: value };
  }
  return settings;
}

/** Name of the variable that stands for a setting, or null. */
export const variableOf = (path: readonly PropertyKey[]): string | null =>
  VARIABLES.find((variable) => variable.path.join() === path.join())?.name ?? null;
