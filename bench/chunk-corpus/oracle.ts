import type { Nodes } from "hast";
import rehypeRaw from "rehype-raw";
import rehypeSlug from "rehype-slug";
import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import remarkMdx from "remark-mdx";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";

const remark = () => unified().use(remarkParse).use(remarkFrontmatter).use(remarkGfm);

const HTML = remark()
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw)
  .use(rehypeSlug)
  .freeze();

/** Heading ids of a Markdown page, raw HTML included, as rehype-slug assigns them. */
export function githubAnchors(source: string): string[] {
  const ids: string[] = [];
  const visit = (node: Nodes): void => {
    if (node.type === "element" && /^h[1-6]$/.test(node.tagName)) {
      ids.push(typeof node.properties.id === "string" ? node.properties.id : "");
    }
    if ("children" in node) for (const child of node.children) visit(child);
  };
  visit(HTML.runSync(HTML.parse(source)));
  // remark-rehype adds this heading above footnotes; it is not in the source.
  return ids.filter((id) => id !== "footnote-label");
}

const GRAMMARS = { md: remark().freeze(), mdx: remark().use(remarkMdx).freeze() } as const;

/** Parses with remark alone, to compare its time with chunking. False for invalid MDX. */
export function parseAlone(source: string, format: "md" | "mdx"): boolean {
  try {
    GRAMMARS[format].parse(source);
    return true;
  } catch {
    return false;
  }
}
