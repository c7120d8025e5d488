/** A tag, or a comment, in the source of a page. */
export interface Tag {
  /** In lower case; `!--` for a comment. */
  readonly name: string;
  readonly isEnd: boolean;
  readonly start: number;
  /** Offset after it. */
  readonly end: number;
}

/** Elements whose content has no tags. */
export const RAW_TEXT: ReadonlySet<string> = new Set(
  "script style textarea title xmp iframe noembed noframes".split(" "),
);

/** The tags of a source in their order, without a parse; none in comments, scripts and the like. */
export function tagsIn(html: string): readonly Tag[] {
  const tags: Tag[] = [];
  for (let start = html.indexOf("<"); start !== -1;) {
    const tag = tagAt(html, start);
    if (tag !== null) tags.push(tag);
    start = html.indexOf("<", tag === null ? start + 1 : endOfContent(html, tag));
  }
  return tags;
}

// `test` with an offset makes no objects, which is most of what a scan would cost.
const NAME = /[a-z][^\s/>]*/iy;
const SIGN = /[>"']/g;

/** Null: the sign there begins none. */
function tagAt(html: string, start: number): Tag | null {
  if (html.startsWith("!--", start + 1)) {
    return { name: "!--", isEnd: false, start, end: after("-->", html, start + 4) };
  }
  const isEnd = html.charAt(start + 1) === "/";
  const from = start + (isEnd ? 2 : 1);
  NAME.lastIndex = from;
  if (!NAME.test(html)) return null;
  const name = html.slice(from, NAME.lastIndex).toLowerCase();
  return { name, isEnd, start, end: endOfTag(html, start) };
}

function after(mark: string, html: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found === -1 ? html.length : found + mark.length;
}

/** Quoted values may hold any sign; a quote elsewhere is a sign like others. */
function endOfTag(html: string, start: number): number {
  let from = start;
  for (SIGN.lastIndex = from; SIGN.test(html); SIGN.lastIndex = from) {
    from = SIGN.lastIndex;
    const sign = html.charAt(from - 1);
    if (sign === ">") return from;
    if (/[=\s]/.test(html.charAt(from - 2))) from = after(sign, html, from);
  }
  return html.length;
}

/** The offset from where on there may be tags again. */
function endOfContent(html: string, { end, isEnd, name }: Tag): number {
  if (isEnd || !RAW_TEXT.has(name)) return end;
  const close = new RegExp(`</${name}`, "gi");
  close.lastIndex = end;
  return close.exec(html)?.index ?? html.length;
}

const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;

/** The attributes of a tag by name, in lower case; the first of two counts. References stay as they are. */
export function attributesOf(html: string, { name, start, end }: Tag): ReadonlyMap<string, string> {
  const written = html.slice(start + 1 + name.length, end);
  const found = Array.from(written.matchAll(ATTRIBUTE), ([, key = "", double, single, bare]) => {
    return [key.toLowerCase(), double ?? single ?? bare ?? ""] as const;
  });
  return new Map(found.toReversed());
}
