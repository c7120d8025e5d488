import type { Code, Definition, Heading, Nodes, Root, Table } from "mdast";
import { chunkEmbeddingText } from "../../../src/chunking/embedding-input.ts";
import { normalisedText } from "../../../src/chunking/normalised-text.ts";
import { estimateTokens } from "../../../src/chunking/tokens.ts";
import { sourceLine } from "../../../src/words/source-line.ts";
import type { Chunk, Page } from "../../../src/words/types.ts";
import { leftOverTags, undecodedReferences } from "./left-overs.ts";
import { htmlText, isHtml, nodesOf, read, visibleText, wordsOf } from "./reading.ts";

/** The names of the ways in which chunks can break a law. */
export const LAWS = [
  "lost word",
  "invented word",
  "wrong input",
  "left-over tag",
  "undecoded reference",
  "torn fence",
  "open fence",
  "torn table",
  "oversize",
  "heading only",
  "duplicate id",
  "lost heading",
  "wrong section",
  "wrong order",
  "wrong lines",
] as const;

type Law = (typeof LAWS)[number];

export interface Defect {
  readonly law: Law;
  readonly detail: string;
}

/** A page and its chunks, with what the checks need. */
interface Case {
  readonly page: Page;
  /** Body whose line ends are line feeds. */
  readonly source: string;
  /** The page as plain remark parses it. */
  readonly tree: Root;
  readonly chunks: readonly Chunk[];
  /** Each chunk's text as plain remark parses it. */
  readonly trees: readonly Root[];
  readonly maxTokens: number;
}

const isCode = (node: Nodes): node is Code => node.type === "code";
const isDefinition = (node: Nodes): node is Definition => node.type === "definition";
const isTable = (node: Nodes): node is Table => node.type === "table";
const isHeading = (node: Nodes): node is Heading => node.type === "heading";

/** Container marker lines, explicit ids and import statements. */
const HOST_SYNTAX =
  /^[ \t>]*:{3,}.*$|[ \t]*(?:\{#[^\s{}]+[^{}\n]*\}|\[#[^\s[\]]+\]|\{\/\*\s*#[^\s*]+\s*\*\/\})[ \t]*$|^import\s.*["'];?[ \t]*$/gm;

function counted(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

const squeezed = (text: string): string => wordsOf(text).join("").toLowerCase();

/** Whether a long word is present but cut: its letters, or its first six, are there. */
const isCut = (word: string, letters: string): boolean =>
  (word.length > 7 && letters.includes(word.toLowerCase())) ||
  (word.length > 40 && letters.includes(word.slice(0, 6).toLowerCase()));

function* lostWords({ tree, chunks, trees }: Case): Generator<string> {
  const raw = chunks.map((chunk) => chunk.text).join("\n");
  const trails = chunks.map((chunk) => chunk.headings.join("\n"));
  const shown = counted(wordsOf([...trees.map(visibleText), ...trails].join("\n")));
  const written = counted(wordsOf(raw));
  const letters = squeezed(raw);
  for (const [word, count] of counted(wordsOf(visibleText(tree).replace(HOST_SYNTAX, "")))) {
    const found = Math.max(shown.get(word) ?? 0, written.get(word) ?? 0);
    if (found < count && !isCut(word, letters)) yield word;
  }
}

function* inventedWords({ page, tree, source, trees }: Case): Generator<string> {
  const letters = squeezed(visibleText(tree)) + squeezed(source) + squeezed(page.title ?? "");
  for (const word of new Set(wordsOf(trees.map(visibleText).join("\n")))) {
    if (!letters.includes(word.toLowerCase())) yield word;
  }
}

/** Labels of boxes and of footnotes, and comments at the start of code, which an embedding input may leave out. */
const LEFT_OUT =
  /^[ \t>]*(?:[-*+][ \t]+)?(?:\*\*\w+\*\*$|\[!\w+\])|\[\^[\w-]+\]|(?:`{3}|~{3}).*\n[ \t>]*(?:\/\/|#|<!--|\/\*|--).*$/gm;

/** The words of an embedding input are those that a reader sees: no address, and each as often. */
function* wrongInputs({ chunks, trees }: Case): Generator<string> {
  for (const [index, { id, text }] of chunks.entries()) {
    // Neither reader decodes what is no character reference.
    const written = text.replaceAll("&", "＆");
    const tree = written === text ? trees[index] : read(written, "md");
    // Raw HTML that is left out may leave what looks like the address of a reference.
    if (!tree || nodesOf(tree, isDefinition).length > 0) continue;
    const seen = counted(wordsOf(visibleText(tree)));
    const sent = counted(wordsOf(normalisedText(written)));
    const optional = counted(wordsOf((written.match(LEFT_OUT) ?? []).join("\n")));
    for (const word of new Set([...seen.keys(), ...sent.keys()])) {
      const missing = (seen.get(word) ?? 0) - (sent.get(word) ?? 0);
      if (missing < 0 || missing > (optional.get(word) ?? 0)) yield `${id}: ${missing} ${word}`;
    }
  }
}

const leftOvers = ({ chunks, trees }: Case, find: typeof leftOverTags): string[] =>
  chunks.flatMap((chunk, index) => {
    const tree = trees[index];
    const found = tree === undefined ? [] : find(chunk, tree);
    return found.map((written) => `${chunk.id}: ${written}`);
  });

/** Code without the empty lines that a cut may drop, and with one spelling for `{#id}` and `[#id]`. */
const withoutEmptyLines = (code: Code): string =>
  code.value
    .replace(/\n\s*(?=\n)/g, "")
    .replace(/[[{]#([^\s{}[\]]+)[\]}]/g, "#$1")
    .trim();

function* tornFences({ tree, chunks, trees, maxTokens }: Case): Generator<string> {
  const whole = trees.map((chunkTree) =>
    nodesOf(chunkTree, isCode).map(withoutEmptyLines).join("\n"),
  );
  const trails = chunks.map((chunk) => estimateTokens(chunkEmbeddingText({ ...chunk, text: "" })));
  for (const code of nodesOf(tree, isCode)) {
    const fence = `\`\`\`${code.lang ?? ""} ${code.meta ?? ""}\n${code.value}\n\`\`\``;
    if (estimateTokens(fence) + Math.max(...trails) > maxTokens) continue;
    if (!whole.some((text) => text.includes(withoutEmptyLines(code))))
      yield code.value.slice(0, 80);
  }
}

function* openFences({ chunks, trees }: Case): Generator<string> {
  for (const [index, chunk] of chunks.entries()) {
    for (const node of trees[index]?.children ?? []) {
      const written = chunk.text.slice(node.position?.start.offset, node.position?.end.offset);
      const opens = isCode(node) && /^(?:`{3,}|~{3,})/.test(written);
      if (opens && !/\n {0,3}(?:`{3,}|~{3,})[ \t]*$/.test(written)) yield chunk.id;
    }
  }
}

const rowsOf = (table: Table, rows: Table["children"]): string =>
  wordsOf(visibleText({ type: "root", children: [{ ...table, children: rows }] })).join(" ");

function* tornTables({ tree, trees, chunks }: Case): Generator<string> {
  // Raw HTML may hold lines that are a table without its tags.
  const raw = nodesOf(tree, isHtml).flatMap(({ value }) => read(htmlText(value), "md") ?? []);
  const tables = [tree, ...raw].flatMap((root) => nodesOf(root, isTable));
  const headers = new Set(tables.map((table) => rowsOf(table, table.children.slice(0, 1))));
  for (const [index, chunkTree] of trees.entries()) {
    for (const table of nodesOf(chunkTree, isTable)) {
      const header = rowsOf(table, table.children.slice(0, 1));
      if (!headers.has(header)) yield `${chunks[index]?.id}: ${header}`;
    }
  }
}

function* oversize({ chunks, maxTokens }: Case): Generator<string> {
  for (const chunk of chunks) {
    const tokens = estimateTokens(chunkEmbeddingText(chunk));
    if (tokens > maxTokens || tokens !== chunk.tokens) yield `${chunk.id}: ${tokens}`;
  }
}

function* onlyHeadings({ tree, chunks, trees }: Case): Generator<string> {
  const headings = tree.children.filter((node) => node.type === "heading");
  if (
    wordsOf(visibleText({ type: "root", children: headings })).length ===
    wordsOf(visibleText(tree)).length
  ) {
    return;
  }
  for (const [index, chunkTree] of trees.entries()) {
    if (chunkTree.children.every((node) => node.type === "heading")) yield chunks[index]?.id ?? "";
  }
}

function* duplicateIds({ chunks }: Case): Generator<string> {
  for (const [id, count] of counted(chunks.map((chunk) => chunk.id))) if (count > 1) yield id;
}

/** Every heading with words, also one in a quotation or a list, is in the sections of a chunk. */
function* lostHeadings({ page, tree, chunks }: Case): Generator<string> {
  const lines = new Set(chunks.flatMap(({ sections }) => sections.map((one) => one.startLine)));
  for (const node of nodesOf(tree, isHeading)) {
    const words = wordsOf(visibleText({ type: "root", children: [node] }).replace(HOST_SYNTAX, ""));
    const line = sourceLine(page, page.bodyLine + (node.position?.start.line ?? 1) - 1);
    if (words.length > 0 && !lines.has(line)) yield `line ${line}: ${words.join(" ")}`;
  }
}

/** The first section begins with the text; the others, in order, with the line of their heading. */
function* wrongSections({ chunks }: Case): Generator<string> {
  for (const { id, sections, text } of chunks) {
    for (const [at, { heading, offset }] of sections.entries()) {
      const before = sections[at - 1]?.offset ?? 0;
      const [line = ""] = text.slice(offset).split("\n", 1);
      const [word = ""] = wordsOf(heading ?? "");
      const isShown = squeezed(line).includes(word.toLowerCase());
      const begins = text.slice(0, offset).endsWith("\n") && isShown;
      const isRight = offset === 0 ? before === 0 : at > 0 && offset >= before && begins;
      if (!isRight) yield `${id}: ${heading} at ${offset}`;
    }
  }
}

const firstLine = ({ startLine }: Chunk): number => startLine ?? Number.NaN;
const lastLine = ({ endLine }: Chunk): number => endLine ?? Number.NaN;

function* wrongOrder({ chunks }: Case): Generator<string> {
  for (const [index, chunk] of chunks.entries()) {
    const before = chunks[index - 1];
    if (before !== undefined && lastLine(chunk) < firstLine(before)) yield chunk.id;
  }
}

/** At least three in four words of a chunk's paragraphs must be on the lines that it states. */
function* wrongLines({ page, source, chunks, trees }: Case): Generator<string> {
  const lines = source.split("\n");
  for (const [index, chunk] of chunks.entries()) {
    const from = firstLine(chunk) - page.bodyLine;
    const isPlace = (at: number): boolean => {
      const line = sourceLine(page, page.bodyLine + at);
      return line >= firstLine(chunk) && line <= lastLine(chunk);
    };
    const place = lines.filter((_, at) => isPlace(at)).join("\n");
    const rendered = read(place, "md");
    const letters = squeezed(place) + squeezed(rendered === null ? "" : visibleText(rendered));
    const paragraphs = trees[index]?.children.filter((node) => node.type === "paragraph") ?? [];
    const words = wordsOf(visibleText({ type: "root", children: paragraphs }));
    const missing = words.filter((word) => !letters.includes(word.toLowerCase().slice(0, 5)));
    // A page without text is found by its title.
    if (squeezed(chunk.text) === squeezed(chunk.title)) continue;
    if (from < 0 || missing.length > words.length / 4) {
      yield `${chunk.id} ${chunk.startLine}-${chunk.endLine}: ${missing.slice(0, 5).join(" ")}`;
    }
  }
}

const CHECKS: Readonly<Record<Law, (checked: Case) => Iterable<string>>> = {
  "lost word": lostWords,
  "invented word": inventedWords,
  "wrong input": wrongInputs,
  "left-over tag": (checked) => leftOvers(checked, leftOverTags),
  "undecoded reference": (checked) => leftOvers(checked, undecodedReferences),
  "torn fence": tornFences,
  "open fence": openFences,
  "torn table": tornTables,
  oversize,
  "heading only": onlyHeadings,
  "duplicate id": duplicateIds,
  "lost heading": lostHeadings,
  "wrong section": wrongSections,
  "wrong order": wrongOrder,
  "wrong lines": wrongLines,
};

/** Finds the laws that the chunks of a page break, compared with what plain remark reads. */
export function defectsOf(page: Page, chunks: readonly Chunk[], maxTokens: number): Defect[] {
  const source = page.body.replace(/\r\n?/g, "\n").replaceAll("\0", "\uFFFD");
  const tree = (page.format === "html" ? null : read(source, page.format)) ?? read(source, "md");
  if (tree === null) return [];
  const trees = chunks.flatMap((chunk) => read(chunk.text, "md") ?? []);
  const checked = { page, source, tree, chunks, trees, maxTokens };
  return LAWS.flatMap((law) => [...CHECKS[law](checked)].map((detail) => ({ law, detail })));
}
