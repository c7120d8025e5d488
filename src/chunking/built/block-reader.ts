import type { Element, Nodes } from "hast";
import { hasClass } from "../../html/elements.ts";
import { isOut } from "../../html/what-is-out.ts";
import type { BlockNode } from "./block-nodes.ts";
import * as code from "./code.ts";
import { pre, READERS } from "./element-readers.ts";
import { footnoteOf } from "./footnotes.ts";
import { isBoxTitle, readInline } from "./inline-reader.ts";
import { formulaOf, numberOfFormula, type Formula } from "./math.ts";
import { addText, addTitle, inside, nodesIn, type Reader } from "./reader.ts";
import { tabLabel, type Survey } from "./survey.ts";

/** The blocks of a tree. */
export function readNodes(children: readonly Nodes[], survey: Survey): readonly BlockNode[] {
  const nodes: BlockNode[] = [];
  const open = { survey, around: [], titles: new Map(), done: new Set<Element>(), depth: 0 };
  readAll(children, { ...open, nodes, readAll });
  return nodes;
}

function readAll(children: readonly Nodes[], reader: Reader): void {
  let run: Nodes[] = [];
  const flush = (): void => {
    if (run.length > 0) addText(readInline(run), reader);
    run = [];
  };
  for (const child of children) {
    if (child.type === "element" && reader.done.has(child)) continue;
    if (child.type !== "element" || !reader.survey.blocks.has(child)) {
      run.push(child);
      continue;
    }
    flush();
    readBlock(child, reader);
  }
  flush();
}

function addFormula({ source, isTex }: Formula, element: Element, reader: Reader): void {
  addText([{ kind: "text", text: numberOfFormula(element) }], reader);
  if (!isTex) addText([{ kind: "text", text: source }], reader);
  else if (source !== "") reader.nodes.push({ kind: "math", lines: source.split("\n") });
}

function readBlock(element: Element, reader: Reader): void {
  const formula = formulaOf(element);
  if (formula?.isBlock === true) return addFormula(formula, element, reader);
  if (isOut(element) || reader.survey.tabs.has(element)) return;
  const tab = reader.survey.labels.get(element);
  if (tab !== undefined) addLabel(tabLabel(tab), element, reader);
  if (isBoxTitle(element)) return addTitle(readInline([element]), reader, true);
  const label = footnoteOf(element);
  if (label !== null) return addFootnote(label, element, reader);
  if (hasClass(element, "mermaid") || element.tagName === "pre") return pre(element, reader);
  if (code.isCodeWrapper(element)) addCodeTitle(element, reader);
  const read = READERS[element.tagName] ?? inside;
  read(element, reader);
}

/** Names the tab of a panel; VitePress shows the one of code as its title. */
function addLabel(label: string, panel: Element, reader: Reader): void {
  const shown = code.isCodeWrapper(panel) ? code.firstPre(panel) : null;
  if (shown === null) addTitle([{ kind: "text", text: label }], reader, false);
  else reader.titles.set(shown, `[${label.replace(/[\s`]+/g, " ")}]`);
}

function addCodeTitle(wrapper: Element, reader: Reader): void {
  // Only the outermost of several wrappers is searched.
  if (reader.around.some(code.isCodeWrapper)) return;
  const [shown, title] = [code.firstPre(wrapper), code.codeTitle(wrapper)];
  if (shown === null || title === null) return;
  reader.done.add(title);
  const text = code.titleText(title);
  if (text !== "") reader.titles.set(shown, `title="${text}"`);
}

function addFootnote(label: string, element: Element, reader: Reader): void {
  const first = element.children.find((child) => child.type === "element");
  if (first !== undefined) reader.done.add(first);
  const children = nodesIn(
    { ...element, children: element.children.filter((one) => one !== first) },
    reader,
  );
  if (children.length > 0) reader.nodes.push({ kind: "footnote", label, children });
}
