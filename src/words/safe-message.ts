import type { Logger } from "./types.ts";
import { waitTeller } from "./wait-teller.ts";

type Replacement = readonly [RegExp, string];

/** Secrets that a message may have taken over from an address or an argument, and what stands for them. */
const SECRETS: readonly Replacement[] = [
  [/:\/\/(?:[^\s"'<>/:]*:[^\s"'<>]{0,200}|[^\s"'<>/?#@]+)@/gu, "://…@"],
  [
    /([?&][\w.-]{0,40}?(?:key|token|sig|secret|password|credential)[\w.-]{0,40}=)[^\s&"'<>]+/giu,
    "$1…",
  ],
  [/\b(?:AIza|AQ\.)[\w-]{10,}/gu, "[key]"],
];

const REPLACEMENTS: readonly Replacement[] = [
  ...SECRETS,
  [/[^\P{Cc}\n]|[\p{Zl}\p{Zp}]/gu, " "],
  [/\p{Bidi_Control}/gu, ""],
];

/** Whether a text has a part that looks like a secret. */
export const holdsSecret = (text: string): boolean =>
  SECRETS.some(([pattern]) => text.search(pattern) >= 0);

/** Most characters of a line that are shown of its start, and of its end, where the advice is. */
const SHOWN = { start: 500, end: 250 };

/**
 * A message as it may be logged, printed or thrown: without secrets that an address holds, without
 * characters that steer a terminal, and without the middle of long lines.
 */
export const safeMessage = (message: string): string =>
  REPLACEMENTS.reduce((text, [pattern, by]) => text.replaceAll(pattern, by), message)
    .split("\n")
    .map(shortened)
    .join("\n");

function shortened(line: string): string {
  if (line.length <= SHOWN.start + SHOWN.end) return line;
  return `${line.slice(0, SHOWN.start)}…${line.slice(-SHOWN.end)}`.toWellFormed();
}

/** Passes on safe messages. */
export const safeLogger = (logger: Logger): Logger => ({
  info: (message) => logger.info(safeMessage(message)),
  warn: (message) => logger.warn(safeMessage(message)),
  wait: (message) => waitTeller(logger)(safeMessage(message)),
});
