/** Text or a number as trimmed text; null for blank text and for any other value. */
export function textValue(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}
