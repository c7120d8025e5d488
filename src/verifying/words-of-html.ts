import type { Element, Nodes } from "hast";
import { childrenOf, classesOf, hasClass, propertyOf, textIn } from "../html/elements.ts";
import type { PageFacts } from "../html/page-facts.ts";
import { isOut } from "../html/what-is-out.ts";
import { isDefaultLabel } from "./default-labels.ts";
import { noWords, wordsIn, type ShownWords } from "./word-counts.ts";

/** Elements inside a line: their text joins that before and after them. */
const INLINE: ReadonlySet<string> = new Set(
  (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark output q rp rt ruby s samp " +
    "small span strike strong sub sup time tt u var wbr"
  ).split(" "),
);

/** Containers of formulas, whose source one side may show and the other may not. */
const MATH_TAGS: ReadonlySet<string> = new Set(["math", "mjx-container"]);
const MATH_CLASSES: ReadonlySet<string> = new Set(
  "katex katex-display katex-error MathJax MathJax_Display arithmatex math".split(" "),
);

/** What generators show around code: its title, or the name of its tab. */
const CODE_TITLES: ReadonlySet<string> = new Set(
  "filename code-block-caption code-title rehype-code-title md-code__title vp-code-block-title-text".split(
    " ",
  ),
);

/** What a page shows, and whether it has formulas. */
export interface HtmlWords extends ShownWords {
  readonly hasMath: boolean;
}

/** The words that readers see of a page's main content, hidden panels of tabs included. */
export function wordsOfHtml({ main }: Pick<PageFacts, "main">): HtmlWords {
  const reader = new HtmlReader();
  if (main !== null) reader.read(main);
  reader.endBlock();
  return { ...reader.shown, hasMath: reader.hasMath };
}

class HtmlReader {
  readonly shown: ShownWords = noWords();
  hasMath = false;
  #block = "";

  read(element: Element): void {
    // The parts of a card are one below the other.
    const isInline = INLINE.has(element.tagName) && !hasClass(element, "description");
    if (isOut(element)) return this.#breakUnless(isInline);
    const alt = propertyOf(element, "alt");
    if (alt !== null) this.shown.optional.add(wordsIn(alt));
    const isMath = isFormula(element);
    this.hasMath ||= isMath;
    if (isMath || isFootnoteReference(element) || isCodeTitle(element)) {
      this.endBlock();
      return this.shown.optional.add(wordsIn(textIn(element)));
    }
    this.#breakUnless(isInline);
    for (const child of element.children) this.#readChild(child);
    this.#breakUnless(isInline);
  }

  /** Counts the text since the last break between blocks. */
  endBlock(): void {
    const words = wordsIn(this.#block);
    this.#block = "";
    this.shown[isDefaultLabel(words) ? "optional" : "required"].add(words);
  }

  #readChild(node: Nodes): void {
    if (node.type === "text") this.#block += node.value;
    else if (node.type === "element") this.read(node);
  }

  #breakUnless(isInline: boolean): void {
    if (!isInline) this.endBlock();
  }
}

const isFormula = (element: Element): boolean =>
  MATH_TAGS.has(element.tagName) || classesOf(element).some((name) => MATH_CLASSES.has(name));

/** The number of a footnote, in the text. */
const isFootnoteReference = (element: Element): boolean =>
  propertyOf(element, "dataFootnoteRef") !== null ||
  propertyOf(element, "role") === "doc-noteref" ||
  classesOf(element).some((name) => name === "footnote-ref" || name === "footnote-reference") ||
  isFootnoteLabel(element);

/** The same number before the footnote, as Sphinx writes it. */
const isFootnoteLabel = (element: Element): boolean =>
  hasClass(element, "label") &&
  childrenOf(element).some((child) => child.type === "element" && hasClass(child, "fn-bracket"));

function isCodeTitle(element: Element): boolean {
  const names = classesOf(element);
  if (propertyOf(element, "dataRehypePrettyCodeTitle") !== null) return true;
  if (names.some((name) => CODE_TITLES.has(name) || name.startsWith("codeBlockTitle"))) return true;
  return element.tagName === "figcaption" && names.includes("header");
}
