import micromatch from "micromatch";

/** Globs that choose files. */
export interface Globs {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** The paths that globs choose, as they choose files: the name of a folder means all that is in it. */
export const chosenPaths = (paths: readonly string[], { exclude, include }: Globs): string[] =>
  micromatch(paths, include.flatMap(withContent), { ignore: exclude.flatMap(withContent) });

const withContent = (glob: string): readonly string[] => [glob, `${glob.replace(/\/$/, "")}/**`];
