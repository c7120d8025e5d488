import type { Element, Root } from "hast";
import { classesOf, hasClass, propertyOf, textIn } from "../../html/elements.ts";
import { isOut } from "../../html/what-is-out.ts";
import { headingId } from "./headings.ts";
import { formulaOf } from "./math.ts";

/** What is known of a tree before it is read. */
export interface Survey {
  /** The elements that are blocks, or have one in them. */
  readonly blocks: ReadonlySet<Element>;
  /** The labels of tab panels. */
  readonly labels: ReadonlyMap<Element, Element>;
  /** The tabs that have a panel. */
  readonly tabs: ReadonlySet<Element>;
  /** Whether a heading below the title has an id. */
  readonly hasIds: boolean;
}

const BLOCKS: ReadonlySet<string> = new Set(
  "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol optgroup option p pre search section summary table tbody td tfoot th thead tr ul".split(
    " ",
  ),
);

const PANEL_CLASSES: ReadonlySet<string> = new Set(["tabbed-block", "sd-tab-content"]);

/** Whether an element is the content of a tab. */
function isPanel(element: Element, parent: Element | Root): boolean {
  if (propertyOf(element, "role") === "tabpanel") return true;
  const classes = classesOf(element);
  if (classes.some((name) => PANEL_CLASSES.has(name))) return true;
  if (parent.type !== "element") return false;
  return (
    (classes.includes("tabbed-content") &&
      hasClass(parent, "tabbed-set") &&
      !hasClass(parent, "tabbed-alternate")) ||
    (classes.includes("tab-content") && hasClass(parent, "tab-set")) ||
    (hasClass(parent, "blocks") && classes.some((name) => name.startsWith("language-")))
  );
}

const LABEL_PARENTS: ReadonlySet<string> = new Set([
  "tabbed-labels",
  "tabbed-set",
  "sd-tab-set",
  "tab-set",
]);

/** Whether an element is the label of a tab. */
function isTab(element: Element, parent: Element | Root): boolean {
  if (propertyOf(element, "role") === "tab") return true;
  if (element.tagName !== "label" || parent.type !== "element") return false;
  return (
    classesOf(parent).some((name) => LABEL_PARENTS.has(name)) ||
    (hasClass(parent, "tabs") && propertyOf(element, "htmlFor") !== null)
  );
}

/** Tabs and panels below an element that have no partner yet. */
interface Open {
  readonly tabs: Element[];
  readonly panels: Element[];
}

interface Surveyor {
  readonly blocks: Set<Element>;
  readonly labels: Map<Element, Element>;
  readonly tabs: Set<Element>;
  hasIds: boolean;
}

/** Finds blocks and tabs in a tree, in one walk. */
export function surveyOf(root: Root): Survey {
  const surveyor = { blocks: new Set<Element>(), labels: new Map(), tabs: new Set<Element>() };
  const survey: Surveyor = { ...surveyor, hasIds: false };
  walk(root, survey);
  return survey;
}

function walk(parent: Element | Root, survey: Surveyor): Open {
  const open: Open = { tabs: [], panels: [] };
  for (const child of parent.children) {
    if (child.type !== "element" || (isOut(child) && formulaOf(child) === null)) continue;
    const inside = walk(child, survey);
    for (const tab of inside.tabs) open.tabs.push(tab);
    for (const panel of inside.panels) open.panels.push(panel);
    noteTab(child, parent, open, survey);
    if (parent.type === "element" && survey.blocks.has(child)) survey.blocks.add(parent);
  }
  if (parent.type === "element") {
    if (isBlock(parent)) survey.blocks.add(parent);
    if (isNamed(parent)) survey.hasIds = true;
  }
  return open.tabs.length > 0 && open.panels.length > 0 ? paired(open, survey) : open;
}

function noteTab(child: Element, parent: Element | Root, open: Open, survey: Surveyor): void {
  const [isOfTab, isOfPanel] = [isTab(child, parent), isPanel(child, parent)];
  if (isOfTab) open.tabs.push(child);
  if (isOfPanel) open.panels.push(child);
  if (isOfTab || isOfPanel) survey.blocks.add(child);
}

const isBlock = (element: Element): boolean =>
  BLOCKS.has(element.tagName) ||
  element.tagName === "starlight-file-tree" ||
  formulaOf(element)?.isBlock === true;

const SECTION_HEADING = /^h[2-6]$/;

/** Whether an element is a heading with an id, or a section that begins with one. */
const isNamed = (element: Element): boolean =>
  SECTION_HEADING.test(element.tagName)
    ? headingId(element, []) !== null
    : element.children.some(
        (child) =>
          child.type === "element" &&
          SECTION_HEADING.test(child.tagName) &&
          headingId(child, [element]) !== null,
      );

/** Gives each panel its tab: the one that it names, or that names it, or else the one at its place. */
function paired({ tabs, panels }: Open, survey: Surveyor): Open {
  const byId = new Map(tabs.map((tab) => [propertyOf(tab, "id") ?? "", tab]));
  const byPanel = new Map(tabs.map((tab) => [panelIdOf(tab), tab]));
  for (const [at, panel] of panels.entries()) {
    const named = byId.get(propertyOf(panel, "ariaLabelledBy") ?? "-");
    const tab = named ?? byPanel.get(propertyOf(panel, "id") ?? "-") ?? tabs[at];
    if (tab === undefined) continue;
    survey.labels.set(panel, tab);
    survey.tabs.add(tab);
  }
  return { tabs: [], panels: [] };
}

const panelIdOf = (tab: Element): string =>
  propertyOf(tab, "ariaControls") ??
  (propertyOf(tab, "dataBsTarget") ?? propertyOf(tab, "href") ?? "").replace(/^#/, "");

/** The words of a tab. */
export const tabLabel = (tab: Element): string => textIn(tab, isOut).replace(/\s+/g, " ").trim();
