import { h } from "vue";
import { SiteragSearch } from "./components.ts";

/** Stands where the default theme has its own search: `VPNavBarSearch.vue`. */
export default function NavSearch(): unknown {
  return h("div", { class: "VPNavBarSearch siterag-nav" }, [h(SiteragSearch)]);
}
