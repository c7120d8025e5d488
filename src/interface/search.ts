/** `search.js`, the one script that a page names: it defines both elements, and loads the rest when it is needed. */
import { showArrival } from "./arrival.ts";
import { SearchElement } from "./search-element.ts";
import { SearchPageElement } from "./search-page-element.ts";
import { listenForShortcuts } from "./shortcuts.ts";

if (customElements.get("siterag-search") === undefined) {
  customElements.define("siterag-search", SearchElement);
  customElements.define("siterag-search-page", SearchPageElement);
  listenForShortcuts();
  showArrival();
}
