import { stripVTControlCharacters, styleText } from "node:util";
import { type CliWorld, type Terminal, variable } from "./world.ts";

/** Styles that the output uses. */
export type Paint = (style: "bold" | "dim" | "cyan" | "red" | "yellow", text: string) => string;

/** Colours for one stream: only on a terminal, and not when `NO_COLOR` is set. */
export function paint(world: CliWorld, stream: Terminal): Paint {
  const isColoured =
    stream.isTTY === true &&
    variable(world, "NO_COLOR") === undefined &&
    world.env["TERM"] !== "dumb";
  return (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text);
}

/** Characters that change the direction of writing. */
const TURNS = /\p{Bidi_Control}/gu;

/** A text from a page in one line, without characters that control the terminal. */
export const oneLine = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(/\p{Cc}+/gu, " ")
    .replaceAll(/ {2,}/gu, " ")
    .replaceAll(TURNS, "")
    .trim();

/** The same for a text of several lines. */
export const withoutSteering = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(/[^\P{Cc}\n\t]/gu, "")
    .replaceAll(TURNS, "");

/** Most characters of a question that a message repeats. */
const MAX_QUOTED = 100;

/** A question in quotes, shortened if it is long. */
export function quoted(text: string): string {
  const line = Array.from(oneLine(text));
  const cut = line.length > MAX_QUOTED ? [...line.slice(0, MAX_QUOTED), "…"] : line;
  return `"${cut.join("")}"`;
}
