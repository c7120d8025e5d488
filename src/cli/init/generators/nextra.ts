import { answerOf, assumed, basePath, known, folderPath } from "../answer.ts";
import { buildCommand } from "../build-command.ts";
import {
  type Findings,
  type FoundSite,
  type Generator,
  scriptNames,
  scriptOf,
} from "./generator.ts";

export const NEXTRA: Generator = {
  name: "Nextra",
  package: "nextra",
  configFiles: () => scriptNames("next.config"),
  isConfig: (text, { packages }) => packages.has("nextra") || /["']nextra["']/u.test(text),
  read,
};

function read(site: FoundSite): Findings {
  const script = scriptOf(site, "next.config");
  const output = script.at("output");
  const isExported = output.kind === "text" && output.text === "export";
  const folder = isExported
    ? answerOf(script.at("distDir"), "out", folderPath)
    : assumed(
        "out",
        `Next.js writes a folder of HTML only with \`output: "export"\` in ${site.file ?? "next.config.mjs"}: add it.`,
      );
  const answers = {
    from: known("html" as const),
    site: folder,
    baseUrl: answerOf(script.at("basePath"), "/", basePath),
    // Next.js links to pages without `.html`, which are files with it.
    urlStyle: answerOf(script.at("trailingSlash"), "clean" as const, (text) =>
      text === "true" ? ("directory" as const) : ("clean" as const),
    ),
  };
  return { answers, build: buildCommand(site, /\bnext build\b/u, "npx next build") };
}
