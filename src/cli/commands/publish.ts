import { resolve } from "node:path";
import { count, grouped } from "../../words/amounts.ts";
import {
  newCommand,
  withSession,
  type AddCommand,
  type Outcome,
  type Session,
} from "../command.ts";
import { oneLine } from "../paint.ts";

/** `siterag publish` */
export const addPublish: AddCommand = (program, context) => {
  newCommand(
    program,
    "publish",
    "Write the files with which readers search the site, without a server or a key.",
    "publish --out dist/siterag",
  )
    .requiredOption("--out <folder>", "folder that gets the files; others in it stay")
    .action(withSession(context, publish));
};

async function publish({
  config,
  directory,
  flags,
  useCases,
}: Session<{ readonly out: string }>): Promise<Outcome> {
  const report = await useCases.publishIndex({ config, out: resolve(directory, flags.out) });
  const { bytes, files, out, pages, removed, sections, written } = report;
  const site = `${count(pages, "page")} (${count(sections, "section")})`;
  const all = `${count(files, "file")}, ${grouped(Math.ceil(bytes / 1000))} kB`;
  return {
    json: report,
    text: [
      `Published ${site} into ${oneLine(out)}: ${all}; ${written} written, ${removed} old removed.`,
    ],
  };
}
