import { answerOf, assumed, basePath, below, known, folderPath } from "../answer.ts";
import { readData } from "../data-file.ts";
import { isRecord } from "../../../words/is-record.ts";
import type { Findings, FoundSite, Generator } from "./generator.ts";

const FILE = "book.toml";

export const MDBOOK: Generator = {
  name: "mdBook",
  package: null,
  configFiles: () => [FILE],
  read,
};

function read({ project }: FoundSite): Findings {
  const book = readData(FILE, project.text(FILE));
  const folder = answerOf(book.at("build", "build-dir"), "book", folderPath);
  const outputs = book.value("output");
  const names = isRecord(outputs) ? Object.keys(outputs) : [];
  // With several outputs each one gets a folder of its own.
  const site = names.length > 1 ? { ...folder, value: below(folder.value, "html") } : folder;
  const isHtml = names.length === 0 || names.includes("html");
  const answers = {
    from: known("html" as const),
    site: isHtml ? site : assumed(site.value, `${FILE} has outputs, but no [output.html].`),
    baseUrl: answerOf(book.at("output", "html", "site-url"), "/", basePath),
  };
  return { answers, build: "mdbook build" };
}
