import type { Command } from "commander";
import type { RelatedPage } from "../../words/types.ts";
import { carryOut, type CommandContext, newCommand, parseLimit } from "../command.ts";
import { oneLine, type Paint } from "../paint.ts";

interface RelatedFlags {
  readonly limit?: number;
}

/** `siterag related <page>` */
export function relatedCommand(context: CommandContext): Command {
  return newCommand(
    "related",
    "List the pages nearest to a page; uses stored vectors and makes no call.",
    "related guide/install.md --limit 5",
  )
    .argument("<page>", "source path below the content root, or URL")
    .option("--limit <count>", "pages to list", parseLimit)
    .action((page: string, _flags: RelatedFlags, command: Command) =>
      carryOut<RelatedFlags>(context, command, async (session) => {
        const { limit } = session.flags;
        const pages = await session.useCases.related({
          config: session.config,
          page,
          ...(limit === undefined ? {} : { limit }),
        });
        return { json: { page, related: pages }, text: asText(page, pages, session.paint) };
      }),
    );
}

function asText(page: string, pages: readonly RelatedPage[], paint: Paint): readonly string[] {
  if (pages.length === 0)
    return [
      `No page is related to ${page}: the index has no other page of its locale and version.`,
    ];
  return pages.map(
    ({ score, title, url }) =>
      `${twoDigits(score)}  ${paint("bold", oneLine(title))}  ${paint("cyan", oneLine(url))}`,
  );
}

/** Two decimals, and `0.00` where it would be `-0.00`. */
const twoDigits = (score: number): string => score.toFixed(2).replace(/^-(?=0\.00$)/u, "");
