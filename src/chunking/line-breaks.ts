/** Only the line feeds of a text. */
export const lineBreaksOf = (text: string): string => text.replace(/[^\n]+/g, "");

/** How many line feeds a text has. */
export function countLineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
