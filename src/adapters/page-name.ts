/**
 * What the spellings of an address have in common: the path, decoded, without slashes around it and without the end
 * of an HTML file. `guide` for `/guide/`, `guide.html` and `https://example.org/guide/index.html#top`. A module that
 * pages import contains the source of this function.
 */
export function nameOf(address: string): string {
  const path = address
    .replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, "")
    .replace(/[?#].*$/, "")
    .replace(/(?:(?:^|\/)index)?\.html?$/, "");
  try {
    return decodeURI(path).replace(/^\/+|\/+$/g, "");
  } catch {
    return path;
  }
}

/** The same without the base: `guide` for `/docs/guide/` with the base `/docs/` or `https://example.org/docs/`. */
export function nameBelow(address: string, base: string): string {
  const [name, folder] = [nameOf(address), nameOf(base)];
  return folder !== "" && `${name}/`.startsWith(`${folder}/`)
    ? name.slice(folder.length + 1)
    : name;
}
