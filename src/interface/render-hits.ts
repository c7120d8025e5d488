import { marksIn } from "../ranking/snippet.ts";
import type { ReaderHit } from "../reader/index.ts";
import type { Snippet } from "../words/hits.ts";
import { element, HEADING, icon, PAGE } from "./elements.ts";

/** Puts hits into a list: for each page its best section, and others below it. */
export function renderHits(list: HTMLElement, hits: readonly ReaderHit[], query: string): void {
  let count = 0;
  const option = (part: string, url: string, ...content: readonly Node[]): HTMLAnchorElement => {
    count += 1;
    const attributes = { part, class: part, role: "option", "aria-selected": "false" };
    const place = { id: `option-${count}`, href: url, tabindex: "-1" };
    const link = element("a", { ...attributes, ...place }, ...content);
    // Whoever wrote the index: a link opens a page, and runs nothing.
    if (!/^https?:$/u.test(link.protocol)) link.href = "";
    return link;
  };
  list.replaceChildren(
    ...hits.map((hit) => {
      const { others = [], snippet, title, url } = hit;
      const trail = trailOf(hit);
      const text = element("div", { class: "text" }, line("title", title, query));
      if (trail !== "") text.append(line("trail", trail, query));
      if (snippet.text !== "") text.append(marked("snippet", snippet));
      return element(
        "div",
        { part: "group", class: "group", role: "group", "aria-label": title },
        option("page", url, icon(PAGE), text),
        ...others.map((other) =>
          option(
            "section",
            other.url,
            icon(HEADING),
            line("heading", trailOf({ title, headings: other.headings }) || title, query),
          ),
        ),
      );
    }),
  );
}

/** The headings above a section and its own, without the page's title. */
const trailOf = ({ headings, title }: Pick<ReaderHit, "headings" | "title">): string =>
  headings.slice(headings[0] === title ? 1 : 0).join(" › ");

const line = (name: string, text: string, query: string): HTMLElement =>
  marked(name, { text, marks: marksIn(text, query, { isTyping: true }) });

/** A text whose marked words are `<mark>`s. */
function marked(name: string, { marks, text }: Snippet): HTMLElement {
  const made = element("span", { part: name, class: name, dir: "auto" });
  let end = 0;
  for (const [from, to] of marks) {
    made.append(text.slice(end, from), element("mark", { part: "mark" }, text.slice(from, to)));
    end = to;
  }
  made.append(text.slice(end));
  return made;
}
