import { element } from "./elements.ts";
import type { Panel } from "./panel.ts";
import type { SessionPlace } from "./session.ts";

/** What keys do, and the way to all results. */
export function renderFooter({ footer, input }: Panel, { isDialog, settings }: SessionPlace): void {
  if (!isDialog) return;
  const { labels, page } = settings;
  const keys: readonly (readonly [key: string, does: string])[] = [
    ["↵", labels.keyOpen],
    ["↑↓", labels.keyMove],
    ["Esc", labels.keyClose],
  ];
  const hints = keys.map(([key, does]) => element("span", {}, element("kbd", {}, key), ` ${does}`));
  footer.replaceChildren(element("div", { class: "hints", "aria-hidden": "true" }, ...hints));
  if (page === null) return;
  const link = element("a", { part: "all-results" }, labels.allResults);
  // Not at a click: a middle click or the context menu opens the address, too.
  const askThere = (): void => {
    const url = new URL(page, document.baseURI);
    url.searchParams.set("q", input.value);
    link.href = url.href;
  };
  input.addEventListener("input", askThere);
  askThere();
  footer.append(link);
}
