import { styleSheet } from "./elements.ts";
import { makePanel } from "./panel.ts";
import { ATTRIBUTES, settingsOf } from "./settings.ts";
import { startSession } from "./start-session.ts";
import panelCss from "./panel.css";

const SHEETS = [styleSheet(panelCss)];

/** `<siterag-search-page>`: the field and its results inside a page, which has the question in `?q=`. */
export class SearchPageElement extends HTMLElement {
  static readonly observedAttributes = ATTRIBUTES;

  connectedCallback(): void {
    if (this.shadowRoot === null) this.#render();
  }

  attributeChangedCallback(): void {
    if (this.shadowRoot !== null) this.#render();
  }

  #render(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = SHEETS;
    const settings = settingsOf(this);
    const panel = makePanel(settings.labels);
    panel.close.remove();
    root.replaceChildren(panel.root);
    const session = startSession(panel, { settings, isDialog: false, close() {} });
    const readAddress = (): void => {
      panel.input.value = new URLSearchParams(location.search).get("q") ?? "";
      if (panel.input.value !== "") session.ask();
    };
    panel.input.addEventListener("input", () => writeAddress(panel.input.value));
    readAddress();
  }
}

/** A link to the page then asks the same. Without an entry of the history for each key. */
function writeAddress(query: string): void {
  const url = new URL(location.href);
  if (query.trim() === "") url.searchParams.delete("q");
  else url.searchParams.set("q", query);
  history.replaceState(history.state, "", url);
}
