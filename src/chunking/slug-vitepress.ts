/** The rules, in order, of `slugify` in @mdit-vue/shared, which VitePress uses. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/[\u0300-\u036F]/g, ""],
  // oxlint-disable-next-line no-control-regex
  [/[\u0000-\u001f]/g, ""],
  [/[\s~`!@#$%^&*()\-_+=[\]{}|\\;:"'“”‘’<>,.?/]+/g, "-"],
  [/-{2,}/g, "-"],
  [/^-+|-+$/g, ""],
  [/^(\d)/, "_$1"],
];

/** Slug as VitePress makes it from a heading's text, before it numbers duplicates. */
export function slugVitepress(text: string): string {
  let slug = text.normalize("NFKD");
  for (const [pattern, replacement] of RULES) slug = slug.replace(pattern, replacement);
  return slug.toLowerCase();
}
