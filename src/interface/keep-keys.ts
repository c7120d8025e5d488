/**
 * Keeps what is typed in an element from the page around it. Hosts have shortcuts of single letters (in Material for
 * MkDocs, N opens the next page), and see no field: from outside, its keys come from the whole search. Keys with
 * Ctrl, ⌘ or Alt go on, and all keys of a dialog that has just closed and still has the focus.
 */
export function keepKeys(place: HTMLElement): void {
  for (const type of ["keydown", "keypress", "keyup"] as const) {
    place.addEventListener(type, (event) => {
      const isTyped = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (isTyped && place.checkVisibility()) event.stopPropagation();
    });
  }
}
