/** A text as an SQL literal, safe in a `where`. */
export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** `column IN (…)`. An OR chain of thousands of values would crash the process. */
export const isIn = (column: string, values: readonly string[]): string =>
  `${column} IN (${values.map(quote).join(",")})`;
