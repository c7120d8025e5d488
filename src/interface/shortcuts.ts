import { SearchElement } from "./search-element.ts";

/** Whether keys write text there. */
const isField = (target: EventTarget | undefined): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input, textarea, select"));

/** Ctrl/⌘ K anywhere, and `/` where it writes no text. */
function isShortcut(event: KeyboardEvent): boolean {
  const { altKey, ctrlKey, key, metaKey, shiftKey } = event;
  if (altKey || event.isComposing) return false;
  if (key.toLowerCase() === "k") return (ctrlKey || metaKey) && !shiftKey;
  return key === "/" && !ctrlKey && !metaKey && !isField(event.composedPath()[0]);
}

/** Opens the search of the page that is seen: a header may have one for each width. */
export function listenForShortcuts(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || !isShortcut(event)) return;
    const searches = [...document.querySelectorAll("siterag-search")].filter(
      (one) => one instanceof SearchElement,
    );
    const search = searches.find((one) => one.checkVisibility()) ?? null;
    if (search === null) return;
    event.preventDefault();
    search.toggle(event.key !== "/");
  });
}
