import { posix } from "node:path";
import {
  type Answer,
  answerOf,
  assumed,
  basePath,
  below,
  inCode,
  known,
  type Written,
  ABSENT,
} from "../answer.ts";
import { asWord } from "../build-command.ts";
import type { Project } from "../project.ts";
import type { Findings, FoundSite, Generator } from "./generator.ts";
import { baseByDefault } from "./read-the-docs.ts";

const FOLDERS = [".", "docs", "doc", "docs/source", "doc/source", "source"];

export const SPHINX: Generator = {
  name: "Sphinx",
  package: null,
  configFiles: () => FOLDERS.map((folder) => below(folder, "conf.py")),
  isConfig: (text) =>
    /^(?:extensions|html_theme|project|master_doc|root_doc)\s*(?::.*)?=/mu.test(text),
  read,
};

function read({ project, file }: FoundSite): Findings {
  const name = file ?? "conf.py";
  const source = posix.dirname(name);
  const readsPackages = source === "." && project.has("package.json");
  const isAdvised = readsPackages && !project.text(name).includes("node_modules");
  const site = builtFolder(project, source);
  const base = assigned(name, project.text(name), "html_baseurl");
  const answers = {
    from: known("html" as const),
    site,
    baseUrl: base.kind === "absent" ? baseByDefault(project) : answerOf(base, "/", basePath),
  };
  const build = `sphinx-build -b html ${asWord(source)} ${asWord(site.value)}`;
  return { answers, build, ...(isAdvised ? { advice: EXCLUDE } : {}) };
}

const EXCLUDE =
  'Sphinx reads the packages beside conf.py too. Add "node_modules" to exclude_patterns in conf.py.';

/** The folder of the HTML: `html` in that which the Makefile names, else in Sphinx's default. */
function builtFolder(project: Project, source: string): Answer<string> {
  const isSeparate = posix.basename(source) === "source";
  const folder = isSeparate ? posix.dirname(source) : source;
  const otherwise = below(folder, isSeparate ? "build/html" : "_build/html");
  const makefile = below(folder, "Makefile");
  const directory = /^BUILDDIR\s*[:?]?=[ \t]*([^#\n]*?)\s*(?:#.*)?$/mu.exec(
    project.text(makefile),
  )?.[1];
  if (directory === undefined) return known(otherwise);
  return /^[^$()]+$/u.test(directory)
    ? known(below(folder, `${directory}/html`))
    : assumed(otherwise, `${makefile} computes BUILDDIR: \`${directory}\`.`);
}

const PLAIN = /^(["'])((?:(?!\1)[^\\])*)\1\s*(?:#.*)?$/u;

/** What a script in Python assigns to a name. */
function assigned(file: string, python: string, name: string): Written {
  const code = new RegExp(`^[ \\t]*${name}\\s*(?::[^=\\n]*)?=[ \\t]*(.*)$`, "gmu");
  const [first, ...others] = new Set(
    [...python.matchAll(code)].map((match) => match[1]?.trim() ?? ""),
  );
  if (first === undefined) return ABSENT;
  const text = others.length === 0 ? PLAIN.exec(first)?.[2] : undefined;
  return text === undefined
    ? inCode(file, name, [first, ...others].join(" or "))
    : { kind: "text", text };
}
