import type { Code, Nodes, Root, Table } from "mdast";
import { chunkEmbeddingText } from "../../../src/chunking/embedding-input.ts";
import { estimateTokens } from "../../../src/chunking/tokens.ts";
import type { Chunk, Page } from "../../../src/words/types.ts";
import { nodesOf, read, visibleText, wordsOf } from "./reading.ts";

/** The names of the ways in which chunks can break a law. */
export const LAWS = [
  "lost word",
  "invented word",
  "torn fence",
  "open fence",
  "torn table",
  "oversize",
  "heading only",
  "duplicate id",
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
const isTable = (node: Nodes): node is Table => node.type === "table";

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

function* inventedWords({ tree, source, trees }: Case): Generator<string> {
  const letters = squeezed(visibleText(tree)) + squeezed(source);
  for (const word of new Set(wordsOf(trees.map(visibleText).join("\n")))) {
    if (!letters.includes(word.toLowerCase())) yield word;
  }
}

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
  const headers = new Set(
    nodesOf(tree, isTable).map((table) => rowsOf(table, table.children.slice(0, 1))),
  );
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

function* wrongOrder({ chunks }: Case): Generator<string> {
  for (const [index, chunk] of chunks.entries()) {
    const before = chunks[index - 1];
    if (before !== undefined && chunk.endLine < before.startLine) yield chunk.id;
  }
}

/** At least three in four words of a chunk's paragraphs must be on the lines that it states. */
function* wrongLines({ page, source, chunks, trees }: Case): Generator<string> {
  const lines = source.split("\n");
  for (const [index, chunk] of chunks.entries()) {
    const from = chunk.startLine - page.bodyLine;
    const place = lines.slice(Math.max(from, 0), chunk.endLine - page.bodyLine + 1).join("\n");
    const rendered = read(place, "md");
    const letters = squeezed(place) + squeezed(rendered === null ? "" : visibleText(rendered));
    const paragraphs = trees[index]?.children.filter((node) => node.type === "paragraph") ?? [];
    const words = wordsOf(visibleText({ type: "root", children: paragraphs }));
    const missing = words.filter((word) => !letters.includes(word.toLowerCase().slice(0, 5)));
    if (from < 0 || missing.length > words.length / 4) {
      yield `${chunk.id} ${chunk.startLine}-${chunk.endLine}: ${missing.slice(0, 5).join(" ")}`;
    }
  }
}

const CHECKS: Readonly<Record<Law, (checked: Case) => Iterable<string>>> = {
  "lost word": lostWords,
  "invented word": inventedWords,
  "torn fence": tornFences,
  "open fence": openFences,
  "torn table": tornTables,
  oversize,
  "heading only": onlyHeadings,
  "duplicate id": duplicateIds,
  "wrong order": wrongOrder,
  "wrong lines": wrongLines,
};

/** Finds the laws that the chunks of a page break, compared with what plain remark reads. */
export function defectsOf(page: Page, chunks: readonly Chunk[], maxTokens: number): Defect[] {
  const source = page.body.replace(/\r\n?/g, "\n").replaceAll("\0", "\uFFFD");
  const tree = read(source, page.format) ?? read(source, "md");
  if (tree === null) return [];
  const trees = chunks.flatMap((chunk) => read(chunk.text, "md") ?? []);
  const checked = { page, source, tree, chunks, trees, maxTokens };
  return LAWS.flatMap((law) => [...CHECKS[law](checked)].map((detail) => ({ law, detail })));
}
