import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Element, Nodes } from "hast";
import { fromHtml } from "hast-util-from-html";

/** A heading of a built page. */
export interface BuiltHeading {
  /** Path of the file without `index.html` or `.html`. */
  readonly page: string;
  /** Where a link to the heading goes; null if the heading has no id. */
  readonly id: string | null;
  readonly level: number;
  readonly text: string;
}

/** Every heading with text that readers of a built page see, in order. This is not siterag's reading. */
export async function headingsOf(
  folder: string,
  file: string,
  isMain: (element: Element) => boolean,
): Promise<readonly BuiltHeading[]> {
  const main = find(fromHtml(await readFile(join(folder, file), "utf8")), isMain);
  if (main === null) throw new Error(`${file} has no main content`);
  const page = pageOf(file);
  return headingsBelow(main).map(({ element, parent }) => ({
    page,
    id: idOf(element) ?? idOfSection(element, parent),
    level: Number(element.tagName.slice(1)),
    text: textOf(element).replaceAll(/\s+/gu, " ").trim(),
  }));
}

/** Paths of all HTML files. */
export const htmlFilesOf = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".html")).sort();

/** `guide/install/index.html` and `guide/install.html` → `guide/install` */
export const pageOf = (path: string): string =>
  path.replace(/(?:^|\/)index\.html$/u, "").replace(/\.html$/u, "");

interface Found {
  readonly element: Element;
  readonly parent: Element;
}

function headingsBelow(parent: Element): readonly Found[] {
  return parent.children.flatMap((child) => {
    if (child.type !== "element" || isUnseen(child)) return [];
    if (/^h[1-6]$/u.test(child.tagName)) {
      return textOf(child).trim() === "" ? [] : [{ element: child, parent }];
    }
    return headingsBelow(child);
  });
}

function find(node: Nodes, isWanted: (element: Element) => boolean): Element | null {
  if (node.type === "element" && isWanted(node)) return node;
  if (!("children" in node)) return null;
  for (const child of node.children) {
    const found = find(child, isWanted);
    if (found !== null) return found;
  }
  return null;
}

const HIDING = /(?:^|:)(?:sr-only|visually-hidden)$/u;
const UNSEEN_TAGS = new Set(["script", "style", "template", "noscript", "nav", "svg"]);

const namesOf = ({ properties }: Element): readonly string[] =>
  Array.isArray(properties["className"]) ? properties["className"].map(String) : [];

function isUnseen(element: Element): boolean {
  const { properties, tagName } = element;
  if (UNSEEN_TAGS.has(tagName) || properties["ariaHidden"] === "true") return true;
  const isPanel = properties["role"] === "tabpanel";
  if (properties["hidden"] !== undefined && !isPanel) return true;
  return namesOf(element).some((name) => HIDING.test(name));
}

/** A link to the heading itself, which themes put after its text. */
const isPermalink = (element: Element): boolean =>
  element.tagName === "a" && /^[#¶]?$/u.test(plainText(element).trim());

function plainText(node: Nodes): string {
  if (node.type === "text") return node.value;
  return "children" in node ? node.children.map(plainText).join("") : "";
}

function textOf(node: Nodes): string {
  if (node.type === "text") return node.value;
  if (node.type === "element" && (isUnseen(node) || isPermalink(node))) return "";
  return "children" in node ? node.children.map(textOf).join("") : "";
}

/** An empty id is none. */
const idOf = ({ properties }: Element): string | null =>
  typeof properties["id"] === "string" && properties["id"] !== "" ? properties["id"] : null;

/** Sphinx puts the id of a heading on the section that it opens. */
function idOfSection(heading: Element, parent: Element): string | null {
  const first = parent.children.find(
    (child) => child.type === "element" && child.tagName !== "span",
  );
  return parent.tagName === "section" && first === heading ? idOf(parent) : null;
}
