/** Signs that would make a block of a line of plain text. */
const BLOCK_SIGN =
  /^(#{1,6}(?=\s|$)|[-+*](?=\s|$)|>|`{3,}|~{3,}|:{3,}|=+\s*$|-+\s*$|\d+(?=[.)](?:\s|$)))/;

/** A line without indentation that Markdown reads as running text, whatever it begins with. */
export function asPlainLine(line: string): string {
  const text = line.trim();
  const sign = BLOCK_SIGN.exec(text)?.[0];
  if (sign === undefined) return text;
  return /^\d/.test(sign) ? `${sign}\\${text.slice(sign.length)}` : `\\${text}`;
}
