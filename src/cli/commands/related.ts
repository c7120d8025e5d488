import {
  newCommand,
  parseLimit,
  withSession,
  type AddCommand,
  type Outcome,
  type Session,
} from "../command.ts";
import { oneLine } from "../paint.ts";

/** `siterag related <page>` */
export const addRelated: AddCommand = (program, context) => {
  newCommand(
    program,
    "related",
    "List the pages nearest to a page; uses stored vectors and makes no call.",
    "related guide/install.md --limit 5",
  )
    .argument("<page>", "source path below the content root, or URL")
    .option("--limit <count>", "pages to list", parseLimit)
    .action(withSession(context, list));
};

async function list(
  { config, flags, paint, useCases }: Session<{ readonly limit?: number }>,
  page: string,
): Promise<Outcome> {
  const related = await useCases.related({ ...flags, config, page });
  const lines = related.map(
    ({ score, title, url }) =>
      `${twoDigits(score)}  ${paint("bold", oneLine(title))}  ${paint("cyan", oneLine(url))}`,
  );
  const none = `No page is related to ${page}: the index has no other page of its locale and version.`;
  return { json: { page, related }, text: lines.length === 0 ? [none] : lines };
}

/** Two decimals, and `0.00` where it would be `-0.00`. */
const twoDigits = (score: number): string => score.toFixed(2).replace(/^-(?=0\.00$)/u, "");
