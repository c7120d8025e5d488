const LENGTH = 220;

/** The first words of a passage as plain text: no heading, no code block, no marks. */
export function excerpt(markdown: string): string {
  const text = markdown
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, "")
    .replace(/^(#{1,6} .*|:::.*|<\/?[A-Za-z].*|\|.*)$/gm, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^\s*(?:[-*+>]|\d+\.)\s+/gm, "")
    .replace(/[*`]/g, "")
    .replace(/\s+/g, " ")
    .trim();
  if (text.length <= LENGTH) return text;
  return `${text.slice(0, text.lastIndexOf(" ", LENGTH)).replace(/[\s.,;:]+$/, "")} …`;
}
