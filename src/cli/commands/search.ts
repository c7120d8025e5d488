import { type Command, Option } from "commander";
import { SiteragError } from "../../words/errors.ts";
import type { Hit, SearchAnswer, SearchFilter, SearchMode } from "../../words/types.ts";
import {
  carryOut,
  type CommandContext,
  newCommand,
  type Outcome,
  parseLimit,
  parseNumber,
  type Session,
} from "../command.ts";
import { hitText, pendingNotes } from "../hit-text.ts";
import { readQueries } from "../list-file.ts";
import { oneLine, type Paint, quoted } from "../paint.ts";
import { filterOption } from "../search-filter.ts";

const MODES = ["hybrid", "vector", "text"] as const satisfies readonly SearchMode[];

/** `--mode`, for every command that searches. */
export const modeOption = (): Option =>
  new Option("--mode <mode>", "how to search (default: search.mode)").choices(MODES);

interface SearchFlags {
  readonly mode?: SearchMode;
  readonly limit?: number;
  readonly minScore?: number;
  readonly filter?: SearchFilter;
  readonly groupByPage?: boolean;
  readonly batchQuery?: string;
}

/** `siterag search <query…>` */
export function searchCommand(context: CommandContext): Command {
  return newCommand(
    "search",
    "Find the passages that answer a question.",
    'search "install on Windows" --limit 3 --filter locale=en',
  )
    .argument("[query...]", "what to look for; quotes are not needed")
    .addOption(modeOption())
    .option("--limit <count>", "hits to show (default: search.limit)", parseLimit)
    .option(
      "--min-score <cosine>",
      "lowest similarity of a hit found by its vector (default: search.minScore)",
      parseNumber(-1, 1),
    )
    .addOption(filterOption())
    .option("--group-by-page", "show the best hit of each page, with its other hits below")
    .option("--batch-query <file>", "answer every line of this file")
    .action((words: readonly string[], _flags: SearchFlags, command: Command) =>
      carryOut<SearchFlags>(context, command, (session) => answer(words.join(" "), session)),
    );
}

async function answer(query: string, session: Session<SearchFlags>): Promise<Outcome> {
  const { config, flags, paint, useCases, world } = session;
  const { json: _json, config: _config, batchQuery, ...settings } = flags;
  const options = { ...settings, config, signal: world.signal };
  const show = (found: SearchAnswer): readonly string[] =>
    asText(found, paint, world.stdout.columns || 100);
  if (batchQuery === undefined) {
    if (query === "") throw usage("missing required argument 'query'; see siterag --help");
    const found = await useCases.search({ ...options, query });
    return { json: asJson(found), text: show(found) };
  }
  if (query !== "") throw usage("give a query or --batch-query, not both");
  const queries = await readQueries(session.directory, batchQuery);
  const all = await useCases.searchAll({ ...options, queries });
  return { json: all.map(asJson), text: all.flatMap(show) };
}

const usage = (message: string): SiteragError => new SiteragError("USAGE", message);

const asJson = ({ query, mode, degraded, pending, hits }: SearchAnswer): SearchAnswer => ({
  query,
  mode,
  degraded,
  pending,
  hits: hits.map((hit) => ({
    url: hit.url,
    title: hit.title,
    headings: hit.headings,
    text: hit.text,
    score: hit.score,
    page: hit.page,
    snippet: hit.snippet,
    scores: hit.scores,
    ...(hit.others === undefined ? {} : { others: hit.others }),
  })),
});

function asText(found: SearchAnswer, paint: Paint, width: number): readonly string[] {
  const { degraded, pending } = found;
  const note = [...(degraded === null ? [] : [degraded]), ...pendingNotes(pending)].map((text) =>
    paint("yellow", `Note: ${text}`),
  );
  if (found.hits.length === 0) return [...note, `Nothing found for ${quoted(found.query)}.`];
  const blocks = found.hits.map((hit: Hit, index) => hitText(hit, index + 1, paint, width));
  const header = paint("dim", `${oneLine(found.query)} (${found.mode})`);
  return [header, ...note, ...blocks.flatMap((lines) => ["", ...lines]), ""];
}
