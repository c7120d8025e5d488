import { ABSENT, below, type Written } from "./answer.ts";
import type { Project } from "./project.ts";

/**
 * What the scripts of the package file give to a program by a flag, under any of its names. A flag wins
 * over the program's configuration.
 */
export function flagOf(project: Project, program: RegExp, ...names: readonly string[]): Written {
  const pattern = new RegExp(`\\s(?:${names.join("|")})[= ]["']?([^\\s"']+)`, "u");
  const calls = Object.values(project.scripts).filter((command) => program.test(command));
  const texts = new Set(calls.flatMap((command) => pattern.exec(command)?.[1] ?? []));
  const [text, another] = texts;
  if (text === undefined) return ABSENT;
  if (another === undefined && !text.includes("$")) return { kind: "text", text };
  const values = [...texts].join(", ");
  return { kind: "unclear", doubt: `Scripts of package.json set ${names[0]} to ${values}.` };
}

/** The configuration that scripts of the package file name for a program, if they name one. */
export function namedConfig(project: Project, program: RegExp): readonly string[] {
  const written = flagOf(project, program, "--config");
  return written.kind === "text" ? [below(".", written.text)] : [];
}
