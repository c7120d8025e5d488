/** A text as an SQL literal, safe in a `where`. */
export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** `column IN (…)`. An OR chain of thousands of values would crash the process. */
export const isIn = (column: string, values: readonly string[]): string =>
  `${column} IN (${values.map(quote).join(",")})`;

/** Keys in one `IN (…)`. */
const GROUP_SIZE = 1000;

/** The same for any number of values: one condition for each thousand. */
export function* inGroups(column: string, values: readonly string[]): Generator<string> {
  for (let at = 0; at < values.length; at += GROUP_SIZE) {
    yield isIn(column, values.slice(at, at + GROUP_SIZE));
  }
}
