import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SiteragError } from "../../words/errors.ts";

/** What siterag needs to know of a folder to find its site generator. */
export interface Project {
  /** Names of all its dependencies. */
  readonly packages: ReadonlySet<string>;
  /** Scripts of its package file, by name. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Patterns of the folders of its workspaces, as its package file lists them. */
  readonly workspaces: readonly string[];
  /** Whether its package file holds a configuration of siterag. */
  readonly hasConfig: boolean;
  /** Whether a file or folder exists at this path below the project. */
  readonly has: (path: string) => boolean;
  /** Text of a file, without a BOM; "" if there is none. Throws CONFIG_UNREADABLE. */
  readonly text: (path: string) => string;
}

const patterns = z.array(z.string());
const packageFile = z.object({
  dependencies: z.record(z.string(), z.unknown()).catch({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}),
  scripts: z.record(z.string(), z.string()).catch({}),
  workspaces: z
    .union([patterns, z.object({ packages: patterns }).transform(({ packages }) => packages)])
    .catch([]),
  siterag: z.unknown().optional(),
});

/**
 * Looks at a folder without changing it. A missing or broken package file counts as an empty one. Throws
 * CONFIG_UNREADABLE for one that is there and cannot be read.
 */
export function openProject(directory: string): Project {
  const has = (path: string): boolean => existsSync(join(directory, path));
  const text = (path: string): string => textOf(join(directory, path));
  const { dependencies, devDependencies, scripts, siterag, workspaces } = packageFile.parse(
    parsedOrEmpty(text("package.json")),
  );
  return {
    packages: new Set(Object.keys({ ...dependencies, ...devDependencies })),
    scripts,
    workspaces,
    hasConfig: siterag !== undefined,
    has,
    text,
  };
}

/** A decoder drops a BOM. */
function textOf(path: string): string {
  try {
    return new TextDecoder().decode(readFileSync(path));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (/^(?:ENOENT|ENOTDIR):/u.test(why)) return "";
    const message = `${path} cannot be read, so nothing was written (${why})`;
    throw new SiteragError("CONFIG_UNREADABLE", message, { cause: error });
  }
}

function parsedOrEmpty(json: string): unknown {
  try {
    const values: unknown = JSON.parse(json);
    return typeof values === "object" && values !== null ? values : {};
  } catch {
    return {};
  }
}
