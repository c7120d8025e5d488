/** Characters that would turn a line of plain text into another kind of block; code on one line may begin with a fence. */
const BLOCK_SIGN =
  /^(#{1,6}(?=\s|$)|[-+*](?=\s|$)|>|`{3,}(?=[^`]*$)|~{3,}|:{3,}|=+\s*$|-+\s*$|\d+(?=[.)](?:\s|$)))/;

/** Removes indentation and escapes the start of a line, so that Markdown reads it as running text. */
export function asPlainLine(line: string): string {
  const text = line.trim();
  const sign = BLOCK_SIGN.exec(text)?.[0];
  if (sign === undefined) return text;
  const rest = text.slice(sign.length);
  if (/^\d/.test(sign)) return `${sign}\\${rest}`;
  // Of a fence every mark: what is left of it could still end a deletion.
  return /^[`~]/.test(sign) ? sign.replace(/./g, "\\$&") + rest : `\\${text}`;
}

/** All lines of a text as `asPlainLine` makes them. */
export const asPlainLines = (text: string): string => text.replace(/^.+$/gm, asPlainLine);
