/** What the spellings of an address have in common: `/guide`, `/guide/`, `/guide/index.html`. */
export function nameOf(url: string): string {
  const path = url.replace(/[?#].*$/u, "").replace(/(?:\/index)?\.html?$/u, "");
  try {
    return decodeURI(path).replaceAll(/^\/+|\/+$/gu, "");
  } catch {
    return path;
  }
}
