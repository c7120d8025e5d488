import { CROSS, element, icon, MAGNIFIER } from "./elements.ts";
import type { SearchLabels } from "./labels.ts";

/** The field and what is below it, in the dialog and on the search page. */
export interface Panel {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement;
  readonly close: HTMLButtonElement;
  /** How many pages were found, or what is wrong. */
  readonly status: HTMLElement;
  /** Choice of language and version. */
  readonly filters: HTMLElement;
  readonly list: HTMLElement;
  readonly more: HTMLButtonElement;
  readonly footer: HTMLElement;
}

/** A panel without results. */
export function makePanel(labels: SearchLabels): Panel {
  const input = element("input", {
    part: "input",
    // Not `search`: there, Escape empties the field before it closes the dialog.
    type: "text",
    inputmode: "search",
    enterkeyhint: "search",
    role: "combobox",
    "aria-label": labels.search,
    "aria-autocomplete": "list",
    "aria-controls": "list",
    "aria-expanded": "false",
    placeholder: labels.placeholder,
    autocomplete: "off",
    autocapitalize: "off",
    autocorrect: "off",
    spellcheck: "false",
    maxlength: "1000",
  });
  const close = element("button", { part: "close", type: "button", "aria-label": labels.close });
  close.append(icon(CROSS));
  const status = element("p", { part: "status", role: "status" });
  const filters = element("div", { part: "filters", class: "filters" });
  const list = element("div", {
    part: "results",
    id: "list",
    role: "listbox",
    "aria-label": labels.results,
    hidden: "",
  });
  const more = element("button", { part: "more", type: "button", hidden: "" }, labels.more);
  const footer = element("div", { part: "footer", class: "footer" });
  const root = element(
    "div",
    { part: "panel", class: "panel" },
    element("div", { part: "field", class: "field" }, icon(MAGNIFIER), input, close),
    element("div", { class: "bar" }, status, filters),
    element("div", { part: "scroll", class: "scroll" }, list, more),
    footer,
  );
  return { root, input, close, status, filters, list, more, footer };
}
