import { type Answer, answerOf, assumed, basePath, known, folderPath } from "../answer.ts";
import { type DataFile, readData } from "../data-file.ts";
import type { Project } from "../project.ts";
import type { Findings, FoundSite, Generator } from "./generator.ts";

export const JEKYLL: Generator = {
  name: "Jekyll",
  package: null,
  configFiles: () => ["_config.yml", "_config.yaml", "_config.toml"],
  // Hexo and Jupyter Book have a file of this name too.
  isConfig: (_text, { has, packages }) => !packages.has("hexo") && !has("_toc.yml"),
  read,
};

function read({ project, file }: FoundSite): Findings {
  const name = file ?? "_config.yml";
  const config = readData(name, project.text(name));
  const answers = {
    from: known("html" as const),
    site: answerOf(config.at("destination"), "_site", folderPath),
    baseUrl: base(project, config),
  };
  const build = project.has("Gemfile") ? "bundle exec jekyll build" : "jekyll build";
  return { answers, build, ...(isExcluded(config) ? {} : { advice: EXCLUDE }) };
}

const EXCLUDE =
  "Jekyll copies files of the site's folder into the site. Add `siterag.*` to `exclude` in _config.yml.";

const isExcluded = (config: DataFile): boolean => {
  const excluded = config.value("exclude");
  return Array.isArray(excluded) && excluded.some((glob) => String(glob).startsWith("siterag"));
};

/** GitHub Pages sets `baseurl` itself where the site does not. */
function base(project: Project, config: DataFile): Answer<string> {
  const written = config.at("baseurl");
  const onGitHub = /["'](?:github-pages|jekyll-github-metadata)["']/u.test(project.text("Gemfile"));
  if (written.kind !== "absent" || !onGitHub) return answerOf(written, "/", basePath);
  return assumed("/", "There is no baseurl, and GitHub Pages publishes a project below its name.");
}
