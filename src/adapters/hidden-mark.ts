const MARK = '<meta name="rag" content="false">';

/** The start of a tag, but for its name: a value may have the sign that ends the tag. */
const ATTRIBUTES = String.raw`(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>`;

/** Where a mark belongs; a page need not write its head. */
const PLACES = ["<head", "<html", "<!doctype"].map((tag) => new RegExp(tag + ATTRIBUTES, "iu"));

/** The HTML of a page with the mark by which siterag leaves it out; it belongs in the head. */
export function marked(html: string): string {
  const shown = html.replaceAll(/<!--.*?-->/gsu, (comment) => " ".repeat(comment.length));
  const place = PLACES.map((tag) => tag.exec(shown)).find((found) => found !== null);
  const at = place === undefined || place === null ? 0 : place.index + place[0].length;
  return html.slice(0, at) + MARK + html.slice(at);
}
