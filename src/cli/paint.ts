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

/** A text from a page in one line, without what would steer the terminal. */
export const oneLine = (text: string): string =>
  withoutSteering(text)
    .replaceAll(/\s*\n\s*|\t/gu, " ")
    .trim();

/** What a terminal would obey, but for line ends and tabs, or turn round: marks of writing direction. */
const STEERING = /[^\P{Cc}\n\t]|\p{Bidi_Control}/gu;

/** A text of several lines without what would steer the terminal. */
export const withoutSteering = (text: string): string =>
  stripVTControlCharacters(text).replaceAll(STEERING, "");
