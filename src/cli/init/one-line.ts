/** A text on one line, without control characters, cut after `length` characters. */
export function oneLine(text: string, length: number): string {
  const line = text.replaceAll(/[\s\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
