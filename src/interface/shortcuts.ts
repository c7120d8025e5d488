import { SearchElement } from "./search-element.ts";

/** Whether keys write text there: not in the field of a dialog that has just closed and still has the focus. */
const isField = (target: EventTarget | undefined): boolean =>
  target instanceof HTMLElement &&
  target.checkVisibility() &&
  (target.isContentEditable || target.matches("input, textarea, select"));

/** Ctrl/⌘ K anywhere, and `/` where it writes no text. */
function isShortcut(event: KeyboardEvent): boolean {
  const { altKey, code, ctrlKey, key, metaKey, shiftKey } = event;
  if (altKey || event.isComposing) return false;
  const isCommand = ctrlKey || metaKey;
  if (key === "/") return !isCommand && !isField(event.composedPath()[0]);
  // A keyboard of another script has no K: there, the key in its place.
  const isK = /^[a-z]$/iu.test(key) ? key.toLowerCase() === "k" : code === "KeyK";
  return isK && isCommand && !shiftKey;
}

const isVisible = (one: Element): boolean => one.checkVisibility();

/** Closes the search that is open, else opens the one that is seen: a header may have one for each width. */
export function listenForShortcuts(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || !isShortcut(event)) return;
    const searches = [...document.querySelectorAll("siterag-search")].filter(
      (one) => one instanceof SearchElement,
    );
    const search = searches.find(({ isOpen }) => isOpen) ?? searches.find(isVisible);
    if (search === undefined) return;
    event.preventDefault();
    // A key that is held down is pressed once.
    if (!event.repeat) search.toggle(event.key !== "/");
  });
}
