import type { AskAnswer, AskOptions } from "../../searching/ask.ts";
import { SiteragError } from "../../words/errors.ts";
import { count, dollars } from "../../words/amounts.ts";
import {
  newCommand,
  parseLimit,
  withSession,
  type AddCommand,
  type Outcome,
  type Session,
} from "../command.ts";
import { showProgress } from "../progress.ts";
import { notesOf, trailText } from "../hit-text.ts";
import { oneLine, type Paint, quoted, withoutSteering } from "../paint.ts";
import { filterOption } from "../search-filter.ts";

type AskFlags = Pick<AskOptions, "limit" | "filter">;

/** `siterag ask <question…>` */
export const addAsk: AddCommand = (program, context) => {
  const description = "Answer a question from the index, citing the passages.";
  newCommand(program, "ask", description, 'ask "how do I leave a page out?"')
    .argument("<question...>", "what to answer; quotes are not needed")
    .option("--limit <count>", "sections to answer from (default: search.limit)", parseLimit)
    .addOption(filterOption())
    .action(withSession(context, answer));
};

/** Prints the answer while it arrives; the outcome is what comes after it. */
async function answer(session: Session<AskFlags>, words: readonly string[]): Promise<Outcome> {
  const { config, flags, isJson, paint, useCases, world } = session;
  const question = words.join(" ");
  if (question.trim() === "")
    throw new SiteragError("USAGE", "the question is empty; write one after `siterag ask`");
  let isWriting = false;
  const onText = (piece: string): void => {
    isWriting = true;
    world.stdout.write(withoutSteering(piece));
  };
  const { logger } = showProgress(world, isJson);
  const options = { ...flags, config, logger, question, signal: world.signal };
  try {
    const found = await useCases.ask(isJson ? options : { ...options, onText });
    const isTakenBack = isWriting && found.answer === null;
    return { json: found, text: [...(isTakenBack ? [""] : []), ...afterwards(found, paint)] };
  } catch (error) {
    if (isWriting) world.stdout.write("\n");
    throw error;
  }
}

function afterwards(found: AskAnswer, paint: Paint): readonly string[] {
  const { answer: text, citations, mode, question, usage } = found;
  const notes = notesOf(found, paint);
  const note = notes.length === 0 ? [] : ["", ...notes];
  if (text === null) {
    // A full-text search that finds nothing does not prove that the index has no answer.
    return [
      usage === null && mode === "text"
        ? `Full-text search found no passage for ${quoted(question)}.`
        : `The index does not hold the answer to ${quoted(question)}.`,
      ...note,
    ];
  }
  const sources = citations.flatMap(({ number, title, headings, url }) => [
    `[${number}] ${paint("bold", trailText(title, headings))}`,
    `    ${paint("cyan", oneLine(url))}`,
  ]);
  return ["", "", ...sources, ...note, ...(usage === null ? [] : ["", paint("dim", cost(usage))])];
}

function cost({ calls, inputTokens, outputTokens, costUsd }: NonNullable<AskAnswer["usage"]>) {
  const tokens = `${count(inputTokens, "token")} read, ${count(outputTokens, "token")} written`;
  return `${count(calls, "call")}, ${tokens}, ${dollars(costUsd)}`;
}
