import { tagsIn, type Tag } from "./tags.ts";

/** Attributes that are new in every build, or with every change of a script or a style. */
const SIGN = /\.m?js|\.css|nonce|integrity|ecurity-policy/i;
const VOLATILE =
  /\s(?:nonce|integrity)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)|(?<=[\s-](?:src|href|url)\s*)=\s*(?:"[^"]*\.(?:m?js|css)(?:\?[^"]*)?"|'[^']*\.(?:m?js|css)(?:\?[^']*)?')|^<meta\b.*\bcontent-security-policy\b.*/gis;

/** Looks that hide nothing: some highlighters give up colours where a line takes them too long. */
const LOOKS =
  /\sstyle\s*=\s*(?:"(?![^"]*(?:display|visibility))[^"]*"|'(?![^']*(?:display|visibility))[^']*')/i;

/** Without looks nothing is left of it: a highlighter that lacks time puts other ones around the same code. */
const BARE_SPAN = /^<span\s*>$/i;

/** What ties labels to their buttons: VitePress draws it at random for the tabs of each build. */
const TIES = /\s(?:for|id|name)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi;
const TIED = /^<label\b|\stype\s*=\s*["']?radio\b/i;

/** Elements whose contents never count. */
const SILENT: ReadonlySet<string> = new Set("nav noscript script style svg template".split(" "));

/**
 * A page's HTML without what never counts and what changes with every build: comments, names of assets,
 * looks and the spans that have nothing else, ties of form fields, what is in navigation, drawings, scripts
 * and styles. Found without a parse, so that a page with the same rest needs none; a parse of the rest shows readers the same.
 */
export const stableHtml = (html: string): string => without(html, SILENT);

/** An empty element stays: it keeps the words before and after it apart. */
function without(html: string, silent: ReadonlySet<string>): string {
  const kept: string[] = [];
  let from = 0;
  let open: Tag | null = null;
  let depth = 0;
  const areBare: boolean[] = [];
  const replace = ({ start, end }: Pick<Tag, "start" | "end">, text: string): void => {
    kept.push(html.slice(from, start), text);
    from = end;
  };
  for (const tag of tagsIn(html)) {
    if (open !== null) {
      if (tag.name !== open.name || isClosed(html, tag)) continue;
      depth += tag.isEnd ? -1 : 1;
      if (depth > 0) continue;
      replace({ start: open.start, end: tag.end }, emptied(open));
      open = null;
    } else if (isSilent(html, tag, silent) && !isClosed(html, tag)) [open, depth] = [tag, 1];
    else replaceTag(html, tag, areBare, replace);
  }
  if (open === null) return kept.join("") + html.slice(from);
  if (/^s(?:cript|tyle)$/.test(open.name)) {
    return kept.join("") + html.slice(from, open.start) + emptied(open);
  }
  // What does not end holds all that follows: then its contents count.
  const rest = new Set([...silent].filter((name) => name !== open?.name));
  return kept.join("") + html.slice(from, open.end) + without(html.slice(open.end), rest);
}

const emptied = ({ name }: Tag): string => `<${name}></${name}>`;

/** `<svg />`; an HTML element cannot end in its own tag. */
const isClosed = (html: string, { end, name }: Tag): boolean =>
  name === "svg" && html.startsWith("/>", end - 2);

/** The names of tabs count, also where they are navigation. */
const isSilent = (html: string, tag: Tag, silent: ReadonlySet<string>): boolean =>
  silent.has(tag.name) &&
  !tag.isEnd &&
  !(tag.name === "nav" && /tablist/i.test(html.slice(tag.start, tag.end)));

/** `areBare`: whether each span that is open was left out. */
function replaceTag(
  html: string,
  tag: Tag,
  areBare: boolean[],
  replace: (tag: Tag, text: string) => void,
): void {
  const { isEnd, name, start, end } = tag;
  const written = html.slice(start, end);
  if (name === "!--" || (name === "link" && !written.includes("canonical"))) replace(tag, "");
  else if (isEnd) {
    if (name === "span" && areBare.pop() === true) replace(tag, "");
  }
  // Readers see where a link leads.
  else if (name !== "a") {
    const lasting = withoutVolatile(written, name);
    const isBare = BARE_SPAN.test(lasting);
    if (name === "span") areBare.push(isBare);
    if (isBare || lasting !== written) replace(tag, isBare ? "" : lasting);
  }
}

function withoutVolatile(written: string, name: string): string {
  if ((name === "input" || name === "label") && TIED.test(written))
    return written.replace(TIES, "");
  const plain = written.includes("style") ? written.replace(LOOKS, "") : written;
  return SIGN.test(plain) ? plain.replace(VOLATILE, "") : plain;
}
