import { ABSENT, answerOf, basePath, firstOf, known, folderPath } from "../answer.ts";
import { buildCommand } from "../build-command.ts";
import { flagOf, namedConfig } from "../script-flags.ts";
import {
  type Findings,
  type FoundSite,
  type Generator,
  scriptNames,
  scriptOf,
} from "./generator.ts";

const CALL = /\beleventy\b/u;

/** Templates, plugins and data decide about addresses and anchors: only the built HTML shows them. */
export const ELEVENTY: Generator = {
  name: "Eleventy",
  package: "@11ty/eleventy",
  configFiles: (project) => [
    ...namedConfig(project, CALL),
    ".eleventy.js",
    ...scriptNames("eleventy.config"),
  ],
  read,
};

function read(site: FoundSite): Findings {
  const { project } = site;
  const script = scriptOf(site, "eleventy.config", "config");
  const set = /\bsetOutputDirectory\s*\(([^)]*)\)/u.exec(script.code)?.[1];
  const output = firstOf(
    flagOf(project, CALL, "--output"),
    set === undefined ? ABSENT : script.of("setOutputDirectory", set),
    script.at("dir.output"),
  );
  const prefix = firstOf(flagOf(project, CALL, "--pathprefix"), script.at("pathPrefix"));
  const answers = {
    from: known("html" as const),
    site: answerOf(output, "_site", folderPath),
    baseUrl: answerOf(prefix, "/", basePath),
  };
  return { answers, build: buildCommand(site, CALL, "npx @11ty/eleventy") };
}
