import { isRecord } from "../../../words/is-record.ts";
import { type Answer, answerOf, assumed, basePath, firstOf, known, folderPath } from "../answer.ts";
import { buildCommand } from "../build-command.ts";
import { type DataFile, layered, readData } from "../data-file.ts";
import type { Project } from "../project.ts";
import { flagOf, namedConfig } from "../script-flags.ts";
import type { Findings, FoundSite, Generator } from "./generator.ts";

const named = (stem: string): readonly string[] =>
  ["toml", "yaml", "yml", "json"].map((extension) => `${stem}.${extension}`);

/** Where Hugo reads its configuration in its environment `production`; a later place wins. */
const LAYERS = ["", "config/_default/", "config/production/"].map((folder) =>
  ["hugo", "config"].flatMap((stem) => named(`${folder}${stem}`)),
);

const BUILD = /\bhugo\b/u;

export const HUGO: Generator = {
  name: "Hugo",
  package: null,
  configFiles: (project) => [...namedConfig(project, BUILD), ...LAYERS.flat()],
  isConfig: (text, { has }) => HUGO_KEYS.test(text) || HUGO_FILES.some(has),
  read,
};

const HUGO_FILES = [...named("hugo"), ...named("config/_default/hugo"), "archetypes"];

/** Keys that no other generator with a `config.toml` has: Zola writes `base_url`. */
const HUGO_KEYS =
  /^\s*\[*["']?(?:baseurl|languagecode|publishdir|contentdir|disablekinds|defaultcontentlanguage|enablegitinfo|enablerobotstxt|markup(?:\.[\w.]+)?|module(?:\.\w+)?|outputs)["']?\]*\s*(?:[:=\]]|$)/imu;

function read(site: FoundSite): Findings {
  const { project, file } = site;
  const config = configOf(project, file ?? "hugo.toml");
  const folder = firstOf(flagOf(project, BUILD, "--destination", "-d"), config.at("publishdir"));
  const address = firstOf(flagOf(project, BUILD, "--baseURL", "-b"), config.at("baseurl"));
  const answers = {
    from: known("html" as const),
    site: answerOf(folder, "public", folderPath),
    baseUrl: ownAddresses(config, answerOf(address, "/", basePath)),
  };
  return { answers, build: buildCommand(site, BUILD, "hugo") };
}

function configOf(project: Project, file: string): DataFile {
  const files = LAYERS.flatMap((names) => names.find(project.has) ?? []);
  const [first, ...others] = [...new Set([file, ...files])].map((name) =>
    readData(name, project.text(name), lowerCased),
  );
  return others.reduce((under, over) => layered(over, under), first ?? readData(file, ""));
}

/** Hugo ignores the case of keys. */
const lowerCased = (values: unknown): unknown =>
  isRecord(values)
    ? Object.fromEntries(Object.entries(values).map(([key, value]) => [key.toLowerCase(), value]))
    : values;

/** Languages may be published at addresses of their own, each in a folder. */
function ownAddresses(config: DataFile, base: Answer<string>): Answer<string> {
  const languages = config.value("languages");
  const each = isRecord(languages) ? Object.values(languages) : [];
  const isOwn = each.some(
    (language) =>
      isRecord(language) && Object.keys(language).some((key) => /^baseurl$/iu.test(key)),
  );
  return isOwn ? assumed(base.value, "Languages of this site have a baseURL of their own.") : base;
}
