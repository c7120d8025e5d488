const EXPLICIT_ID =
  /[ \t]*(?:\{#([^\s{}]+)[^{}]*\}|\[#([^\s[\]]+)\]|\{\/\*\s*#([^\s*]+)\s*\*\/\})[ \t]*$/;

/** The id that the author wrote at the end of a heading, such as `{#id}`, and its offset; or null. */
export function findExplicitId(
  heading: string,
): { readonly id: string; readonly offset: number } | null {
  const match = EXPLICIT_ID.exec(heading);
  const id = match?.[1] ?? match?.[2] ?? match?.[3];
  if (match === null || id === undefined) return null;
  // `[#123]` is an issue number.
  return match[2] !== undefined && /^\d+$/.test(id) ? null : { id, offset: match.index };
}
