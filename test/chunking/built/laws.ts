import type { Element, Nodes } from "hast";
import { chunkPage } from "../../../src/chunking/chunk-page.ts";
import { chunkEmbeddingText } from "../../../src/chunking/embedding-input.ts";
import { normalisedText } from "../../../src/chunking/normalised-text.ts";
import { estimateTokens } from "../../../src/chunking/tokens.ts";
import { parseHtml } from "../../../src/html/parse-html.ts";
import { isOut } from "../../../src/html/what-is-out.ts";
import type { Chunk } from "../../../src/words/types.ts";
import { read, visibleText, wordsOf } from "../laws/reading.ts";
import { pageOf } from "../page.ts";

/** The chunks of a built page whose main content is `html`. */
export const chunksOf = (html: string, maxTokens: number): Chunk[] =>
  chunkPage(pageOf(html, { id: "page/index.html", format: "html", slugger: "none" }), {
    maxTokens,
    overlapTokens: 0,
  });

const INLINE = new Set(
  "a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby rt s samp small span strike strong sub sup time tt u var wbr".split(
    " ",
  ),
);

/** What separates words although it is in a line: the parts of a card, lines of code. */
const isApart = ({ properties }: Element): boolean =>
  /\b(?:description|ec-line|token-line)\b/.test(String(properties["className"] ?? ""));

const isBeside = ({ properties, tagName }: Element): boolean =>
  /\b(?:ln|gutter)\b/.test(String(properties["className"] ?? "")) ||
  String(properties["style"] ?? "").includes("user-select") ||
  tagName === "sup";

/** The text that a reader sees, with a line feed where an element ends a word. */
function seen(node: Nodes): string {
  if (node.type === "text") return node.value;
  if (node.type === "root") return node.children.map(seen).join("");
  if (node.type !== "element" || isOut(node) || isBeside(node)) return "";
  if (node.tagName === "br") return "\n";
  if (node.tagName === "img") return ` ${String(node.properties["alt"] ?? "")} `;
  const text = node.children.map(seen).join("");
  return INLINE.has(node.tagName) && !isApart(node) ? text : `\n${text}\n`;
}

const INVISIBLE = /[\u00AD\u200B\u2060\uFEFF]/g;

/** The words that a reader sees. */
export const seenWords = (html: string): string[] =>
  wordsOf(seen(parseHtml(html)).replace(INVISIBLE, "").normalize("NFC")).toSorted();

const words = (texts: readonly string[]): string[] => wordsOf(texts.join("\n")).toSorted();

/** The words that embedding inputs show, without the trail. */
export const sentWords = (chunks: readonly Chunk[]): string[] =>
  words(chunks.map(({ text }) => normalisedText(text)));

/** The words that a Markdown renderer shows of the display text. */
export const renderedWords = (chunks: readonly Chunk[]): string[] =>
  words(chunks.flatMap(({ text }) => read(text, "md") ?? []).map(visibleText));

function counted(all: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of all) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Whether a word that a cut went through is there in two parts. */
const isCut = (word: string, shown: ReadonlyMap<string, number>): boolean =>
  Array.from(word, (_, at) => at).some(
    (at) => shown.has(word.slice(0, at)) && shown.has(word.slice(at)),
  );

/** Ways in which the chunks of a page break a law under a limit. */
export function defectsOf(html: string, maxTokens: number): string[] {
  const chunks = chunksOf(html, maxTokens);
  const shown = counted(words(chunks.map(({ text }) => normalisedText(text))));
  const trails = counted(words(chunks.map(({ headings }) => headings.join("\n"))));
  const wordsInOrder = chunks.map(({ text }) => wordsOf(normalisedText(text)).join(" ")).join("");
  // An embedding input leaves out titles of code and the usual titles of boxes.
  const displayed = counted(words(chunks.map(({ text }) => text)));
  const found: string[] = [];
  for (const [word, count] of counted(seenWords(html))) {
    const times = Math.max(shown.get(word) ?? 0, displayed.get(word) ?? 0);
    const isThere = times + (trails.get(word) ?? 0) >= count;
    if (!isThere && !isCut(word, shown) && !wordsInOrder.includes(word))
      found.push(`lost: ${word}`);
  }
  for (const chunk of chunks) {
    const tokens = estimateTokens(chunkEmbeddingText(chunk));
    if (tokens > maxTokens || tokens !== chunk.tokens)
      found.push(`oversize: ${chunk.id} ${tokens}`);
    const open = read(chunk.text, "md")?.children.some((node) => {
      const written = chunk.text.slice(node.position?.start.offset, node.position?.end.offset);
      return node.type === "code" && written.startsWith("```") && !/\n`{3,}$/.test(written);
    });
    if (open === true) found.push(`open fence: ${chunk.id}`);
  }
  const ids = chunks.map(({ id }) => id);
  if (new Set(ids).size < ids.length) found.push("duplicate id");
  return found;
}
