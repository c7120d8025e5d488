/** `1,234`: a whole number. `toLocaleString` would first load what ICU knows of all languages. */
export const grouped = (value: number): string => String(value).replaceAll(THOUSANDS, ",");

const THOUSANDS = /\B(?=(?:\d{3})+$)/gu;

/** `1 call`, `1,234 texts`. */
export const count = (value: number, noun: string, plural = `${noun}s`): string =>
  `${grouped(value)} ${value === 1 ? noun : plural}`;

/** The same as a list, which is empty for 0. */
export const countIfAny = (...counted: Parameters<typeof count>): readonly string[] =>
  counted[0] === 0 ? [] : [count(...counted)];

/**
 * `$0`, `$0.00018`, `$0.043`, `$12.30`: two significant digits below a dollar, else cents;
 * `price unknown` for null.
 */
export function dollars(value: number | null): string {
  if (value === null) return "price unknown";
  if (value === 0) return "$0";
  if (value >= 1) return `$${value.toFixed(2)}`;
  return `$${value.toLocaleString("en", { maximumSignificantDigits: 2 })}`;
}

/** A run says what it waits for when it waits longer than this, in milliseconds. */
export const SILENT_WAIT_MS = 2_000;

/** `12:00:05`: a local time of day. */
export const timeOfDay = (ms: number): string => new Date(ms).toTimeString().slice(0, 8);

const HOUR = 3600;

/** `about 0.4 s`, `about 60 s`, `about 5 minutes`, `about 3 days`: an estimated time, rounded. */
export function duration(seconds: number): string {
  if (seconds < 0.05) return "under 0.1 s";
  if (seconds < 10) return `about ${seconds.toFixed(1).replace(/\.0$/u, "")} s`;
  if (seconds < 120) return `about ${Math.round(seconds)} s`;
  if (seconds < 2 * HOUR) return `about ${count(Math.round(seconds / 60), "minute")}`;
  if (seconds < 48 * HOUR) return `about ${count(Math.round(seconds / HOUR), "hour")}`;
  return `about ${count(Math.round(seconds / 24 / HOUR), "day")}`;
}
