/** A text as an SQL literal, safe in a `where`. */
export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** `column IN (…)`. An OR chain of thousands of values would crash the process. */
export const isIn = (column: string, values: readonly string[]): string =>
  `${column} IN (${values.map(quote).join(",")})`;

/** The same for any number of values: one condition for each thousand, or each `size`. */
export function* inGroups(column: string, values: readonly string[], size = 1000) {
  for (let at = 0; at < values.length; at += size) {
    yield isIn(column, values.slice(at, at + size));
  }
}
