import { posix } from "node:path";
import { type Answer, answerOf, assumed, basePath, below, known, folderPath } from "../answer.ts";
import { brokenData, type DataFile, layered, readData } from "../data-file.ts";
import type { Project } from "../project.ts";
import type { Findings, FoundSite, Generator } from "./generator.ts";
import { baseByDefault } from "./read-the-docs.ts";

export const MKDOCS: Generator = {
  name: "MkDocs",
  package: null,
  configFiles: () => ["mkdocs.yml", "mkdocs.yaml"],
  read,
};

function read({ project, file }: FoundSite): Findings {
  const config = configOf(project, file ?? "mkdocs.yml");
  const hasAddress = config.at("site_url").kind !== "absent";
  const answers = {
    from: known("html" as const),
    site: textOf(config, "site_dir", "site", folderPath),
    baseUrl: hasAddress ? textOf(config, "site_url", "/", basePath) : baseByDefault(project),
  };
  return { answers, build: "mkdocs build" };
}

/** A configuration with the ones that it names under INHERIT, at most five. */
function configOf(project: Project, file: string, depth = 0): DataFile {
  const own = readData(file, project.text(file));
  const parent = own.value("INHERIT");
  if (typeof parent !== "string" || depth > 4) return own;
  const path = below(posix.dirname(file), parent);
  const inherited = project.has(path)
    ? configOf(project, path, depth + 1)
    : brokenData(file, `${path}, which it inherits, is not there`);
  return layered(own, inherited);
}

/** A text. `!ENV [SITE_URL, "https://example.org/"]` ends with the one that holds without the variables. */
function textOf(
  config: DataFile,
  key: string,
  fallback: string,
  valueOf: (text: string) => string,
): Answer<string> {
  const value = config.value(key);
  const otherwise: unknown = Array.isArray(value) && value.length > 1 ? value.at(-1) : null;
  const answer = answerOf(config.at(key), fallback, valueOf);
  if (answer.doubt === undefined || typeof otherwise !== "string") return answer;
  return assumed(valueOf(otherwise), answer.doubt);
}
