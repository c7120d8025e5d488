import { Option } from "commander";
import type { SharedOptions } from "../../searching/search.ts";
import { SiteragError } from "../../words/errors.ts";
import type { SearchAnswer, SearchMode } from "../../words/hits.ts";
import {
  batchSizeOption,
  newCommand,
  parseLimit,
  parseNumber,
  providerOption,
  withSession,
  type AddCommand,
  type Outcome,
  type Session,
} from "../command.ts";
import { hitText, notesOf } from "../hit-text.ts";
import { readQueries } from "../list-file.ts";
import { type Paint, quoted, shortLine } from "../paint.ts";
import { showProgress } from "../progress.ts";
import { publishedOption, withPublished, type PublishedSession } from "../published.ts";
import { filterOption } from "../search-filter.ts";

const MODES = ["hybrid", "vector", "text"] as const satisfies readonly SearchMode[];

/** `--mode`, for every command that searches. */
export const modeOption = (): Option =>
  new Option("--mode <mode>", "how to search (default: search.mode)").choices(MODES);

interface Grouping {
  readonly groupByPage?: boolean;
  readonly bySection?: boolean;
}

interface SearchFlags
  extends Omit<SharedOptions, "config" | "signal" | "client" | "groupByPage">, Grouping {
  readonly batchQuery?: string;
}

/** `siterag search <query…>` */
export const addSearch: AddCommand = (program, context) => {
  const description = "Find the passages that answer a question.";
  const example = 'search "install on Windows" --limit 3 --filter locale=en';
  newCommand(program, "search", description, example)
    .argument("[query...]", "what to look for; quotes are not needed")
    .addOption(modeOption())
    .option("--limit <count>", "hits to show (default: search.limit)", parseLimit)
    .option(
      "--min-score <cosine>",
      "lowest similarity of a hit found by its vector (default: search.minScore)",
      parseNumber(-1, 1),
    )
    .addOption(filterOption())
    .option("--group-by-page", "group hits by page, as the text output does by default")
    .option("--by-section", "list sections, as --json does by default")
    .addOption(publishedOption())
    .option("--batch-query <file>", "answer every line of this file")
    .addOption(providerOption())
    .addOption(batchSizeOption())
    .action(withPublished(context, withSession(context, answer), answerFromFiles));
};

/** For people, hits are grouped by page; for programs, each section is a hit. */
function isGrouped({ bySection, groupByPage }: Grouping, isJson: boolean): boolean {
  if (bySection === true && groupByPage === true)
    throw usage("give --group-by-page or --by-section, not both");
  return groupByPage ?? (bySection !== true && !isJson);
}

async function answerFromFiles(
  session: PublishedSession<SearchFlags>,
  words: readonly string[],
): Promise<Outcome> {
  const { flags, from, isJson, paint, useCases, world } = session;
  const { batchQuery, filter, limit } = flags;
  const query = words.join(" ");
  if ((batchQuery === undefined) === (query === ""))
    throw usage("give a query or --batch-query, and only one of them");
  const queries = batchQuery === undefined ? [query] : await readQueries(world.cwd, batchQuery);
  const found = await useCases.searchPublished({
    from,
    queries,
    groupByPage: isGrouped(flags, isJson),
    signal: world.signal,
    ...(filter === undefined ? {} : { filter }),
    ...(limit === undefined ? {} : { limit }),
  });
  const width = world.stdout.columns || 100;
  const answers = found.map(asJson);
  return {
    json: batchQuery === undefined ? answers[0] : answers,
    text: found.flatMap((one) => asText(one, paint, width)),
  };
}

async function answer(session: Session<SearchFlags>, words: readonly string[]): Promise<Outcome> {
  const { config, directory, flags, isJson, paint, useCases, world } = session;
  const { batchQuery, bySection: _bySection, ...settings } = flags;
  const query = words.join(" ");
  const { logger } = showProgress(world, isJson);
  const groupByPage = isGrouped(flags, isJson);
  const options = { ...settings, groupByPage, config, logger, signal: world.signal };
  const show = (found: SearchAnswer): readonly string[] =>
    asText(found, paint, world.stdout.columns || 100);
  if (batchQuery === undefined) {
    if (query === "") throw usage("missing required argument 'query'; see siterag --help");
    const found = await useCases.search({ ...options, query });
    return { json: asJson(found), text: show(found) };
  }
  if (query !== "") throw usage("give a query or --batch-query, not both");
  const queries = await readQueries(directory, batchQuery);
  const all = await useCases.searchAll({ ...options, queries });
  return { json: all.map(asJson), text: all.flatMap(show) };
}

/** Only the keys that programs may rely on, in a fixed order. */
function asJson({ query, mode, degraded, pending, ...found }: SearchAnswer): object {
  const hits = found.hits.map(({ url, title, headings, text, score, page, ...hit }) => {
    const { snippet, scores, others } = hit;
    const passage = { url, title, headings, text, score, page };
    return { ...passage, snippet, scores, others };
  });
  return { query, mode, degraded, pending, hits };
}

const usage = (message: string): SiteragError => new SiteragError("USAGE", message);

function asText(found: SearchAnswer, paint: Paint, width: number): readonly string[] {
  const notes = notesOf(found, paint);
  if (found.hits.length === 0) return [...notes, `Nothing found for ${quoted(found.query)}.`];
  const blocks = found.hits.map((hit, index) => hitText(hit, index + 1, paint, width));
  const header = paint("dim", `${shortLine(found.query)} (${found.mode})`);
  return [header, ...notes, ...blocks.flatMap((lines) => ["", ...lines]), ""];
}
