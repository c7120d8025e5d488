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

/** A text from a page in one line, without characters that control the terminal. */
export const oneLine = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll(/ {2,}/gu, " ")
    .replaceAll(/\p{Bidi_Control}/gu, "")
    .trim();

/** The same for a text of several lines. */
export const withoutSteering = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(/[\p{Zl}\p{Zp}]/gu, " ")
    .replaceAll(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, "");

/** JSON for a terminal: what JSON leaves as it is, and a terminal obeys, is escaped. */
export const safeJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(
    /[\u007F-\u009F\p{Bidi_Control}\p{Zl}\p{Zp}]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** What siterag itself sends to a terminal: its styles, and the removal of a progress bar. */
// oxlint-disable-next-line no-control-regex
const OWN = /(^\r\u001B\[K|\u001B\[(?:1|2|22|31|33|36|39)m)/u;

/** A stream to which nothing else that steers a terminal gets. */
export const withoutForeignSteering = (stream: Terminal): Terminal => ({
  isTTY: stream.isTTY,
  get columns() {
    return stream.columns;
  },
  write(text) {
    const parts = stream.isTTY === true ? text.split(OWN) : [text];
    stream.write(parts.map((part, at) => (at % 2 === 1 ? part : withoutSteering(part))).join(""));
  },
});

/** Most characters of a question that the output repeats. */
const MAX_REPEATED = 100;

/** A question in one line, shortened if it is long. */
export function shortLine(text: string): string {
  const line = Array.from(oneLine(text));
  return line.length > MAX_REPEATED ? `${line.slice(0, MAX_REPEATED).join("")}…` : line.join("");
}

/** The same in quotes. */
export const quoted = (text: string): string => `"${shortLine(text)}"`;
