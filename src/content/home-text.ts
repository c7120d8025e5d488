import { isRecord } from "../words/is-record.ts";

/** What VitePress shows above the Markdown of a page with `layout: home`; it is in the frontmatter alone. */
export interface HomeText {
  /** The headline; null: the page has none. */
  readonly title: string | null;
  /** As Markdown; it ends with a line break. */
  readonly text: string;
}

/** Null: the page has no such layout, or nothing of the kind in it. */
export function homeText(frontmatter: Readonly<Record<string, unknown>>): HomeText | null {
  if (frontmatter["layout"] !== "home") return null;
  const hero = isRecord(frontmatter["hero"]) ? frontmatter["hero"] : {};
  const headline = [hero["name"], hero["text"]].flatMap(shown);
  const actions = recordsIn(hero["actions"]).flatMap(({ text }) => plain(text));
  const features = recordsIn(frontmatter["features"]).map(({ details, linkText, title }) =>
    [...[title, details].flatMap(shown), ...plain(linkText)].join(". "),
  );
  const paragraphs = [headline.join(" "), ...shown(hero["tagline"]), actions.join(" · ")];
  const list = features.filter((feature) => feature !== "").map((feature) => `- ${feature}`);
  const blocks = [...paragraphs, list.join("\n")].filter((block) => block !== "");
  if (blocks.length === 0) return null;
  const title = headline.join(" ").replaceAll(TAG, "").replaceAll(ESCAPED, "$1").trim();
  return { title: title || null, text: `${blocks.join("\n\n")}\n\n` };
}

const recordsIn = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

const TAG = /<[^>]*>/gu;
const ESCAPED = /\\([\\`*_[\]~$#|])/gu;
const MARKS = /(<[^>]*>)|[\\`*_[\]~$#|]/gu;

/** VitePress reads these as HTML, in which signs of Markdown are themselves. In one line. */
const shown = (value: unknown): string[] =>
  typeof value === "string" && value.trim() !== ""
    ? [
        value
          .trim()
          .replaceAll(/\s+/gu, " ")
          .replaceAll(MARKS, (sign, tag?: string) => tag ?? `\\${sign}`),
      ]
    : [];

/** These as they are, tags and all. */
const plain = (value: unknown): string[] =>
  shown(typeof value === "string" ? value.replaceAll("&", "&amp;").replaceAll("<", "&lt;") : value);
