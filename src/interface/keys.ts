import { announceArrival } from "./arrival.ts";
import type { Options } from "./options.ts";
import type { Panel } from "./panel.ts";
import type { SessionPlace } from "./session.ts";

interface Actions extends SessionPlace {
  /** Asks the question in the field at once. */
  ask(): void;
}

/** Arrows choose, Enter opens, with Ctrl or ⌘ in a new tab. */
export function listenToKeys(panel: Panel, options: Options, actions: Actions): void {
  const { input, list } = panel;

  input.addEventListener("keydown", (event) => {
    // Safari ends a composition before its Enter comes, and tells it by this code alone.
    if (event.isComposing || event.keyCode === 229 || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      options.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      enter(event.ctrlKey || event.metaKey);
    }
  });

  function enter(inNewTab: boolean): void {
    const link = options.active() ?? (actions.isDialog ? options.first() : null);
    if (link === null) {
      actions.ask();
    } else if (inNewTab) {
      announceArrival(link.href, input.value);
      window.open(link.href, "_blank", "noopener");
    } else {
      link.click();
    }
  }

  list.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link === null) return;
    announceArrival(link.href, input.value);
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    actions.close();
    if (!mayLeave(link)) event.preventDefault();
  });
  list.addEventListener("auxclick", ({ target }) => {
    const link = target instanceof Element ? target.closest("a") : null;
    if (link !== null) announceArrival(link.href, input.value);
  });
}

/** A host with a router of its own listens to `siterag-navigate`, prevents its default, and goes there. */
const mayLeave = (link: HTMLAnchorElement): boolean =>
  link.dispatchEvent(
    new CustomEvent("siterag-navigate", {
      bubbles: true,
      composed: true,
      cancelable: true,
      detail: { url: link.href },
    }),
  );
