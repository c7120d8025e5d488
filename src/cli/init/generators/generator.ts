import type { ResolvedConfig } from "../../../config/schema.ts";
import type { Answer } from "../answer.ts";
import type { Project } from "../project.ts";
import { readScript, type Script } from "../script-text.ts";

type Content = ResolvedConfig["content"];

/** What is known or assumed about each setting of the block `content` that a generator decides. */
export type Answers = { readonly [Key in keyof Content]?: Answer<Content[Key]> };

/** A folder with a site of a generator. */
export interface FoundSite {
  /** The folder. */
  readonly project: Project;
  /** The generator's configuration in it, as a path; null if it has none. */
  readonly file: string | null;
  /** The package manager that runs its scripts: `pnpm`. */
  readonly manager: string;
}

/** What `init` says about a site. */
export interface Findings {
  readonly answers: Answers;
  /** Questions that are about no single setting. */
  readonly questions?: readonly string[];
  /** What the user should change in the generator's configuration. */
  readonly advice?: string;
  /** The command that builds the site, in the site's folder; null if none is known. */
  readonly build: string | null;
}

/** How `init` recognises a site generator and reads its configuration. */
export interface Generator {
  readonly name: string;
  /** Its package on npm; null if it has none there. */
  readonly package: string | null;
  /** Where its configuration may be, in the order in which the generator looks. */
  readonly configFiles: (project: Project) => readonly string[];
  /** Tells its configuration from those of others with the same name. */
  readonly isConfig?: (text: string, project: Project) => boolean;
  readonly read: (site: FoundSite) => Findings;
  /** None: its builds know nothing of siterag. */
  readonly adapter?: Adapter;
}

/** How the build of a site gives it search. */
interface Adapter {
  /** The entry of this package that the generator's configuration imports. */
  readonly entry: string;
  /** How the configuration uses it. */
  readonly use: string;
}

/** A script in all the languages that Node.js runs. */
export const scriptNames = (stem: string): readonly string[] =>
  ["ts", "mts", "js", "mjs", "cjs"].map((extension) => `${stem}.${extension}`);

/** Reads the configuration of a site as a script; one that is not there says nothing. */
export const scriptOf = ({ file, project }: FoundSite, stem: string, named?: string): Script =>
  readScript(file ?? stem, file === null ? "" : project.text(file), named);
