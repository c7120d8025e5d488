import type { FoundSite } from "./generators/generator.ts";

/** A path as one word of a command line. */
export const asWord = (path: string): string => (/^[\w./@+-]+$/u.test(path) ? path : `"${path}"`);

/** Scripts that do not end, or that publish what they build. */
const DOES_MORE = /\b(?:dev|serve|server|watch|preview|deploy|publish)\b/u;

/**
 * The command that builds the site: the script of the package file that calls `program`, else its
 * script `build`, else `otherwise`.
 */
export function buildCommand<Otherwise extends string | null>(
  { manager, project }: Pick<FoundSite, "manager" | "project">,
  program: RegExp,
  otherwise: Otherwise,
): string | Otherwise {
  const calling = Object.entries(project.scripts).filter(
    ([name, command]) => program.test(command) && !DOES_MORE.test(`${name} ${command}`),
  );
  const named = calling.map(([name]) => name);
  const script = ["build", "docs:build", ...named].find((name) => named.includes(name));
  const found = script ?? (project.scripts["build"] === undefined ? undefined : "build");
  if (found === undefined) return otherwise;
  return `${manager} run ${found}`;
}
