import { h } from "vue";
import footer from "virtual:siterag/vitepress-footer";
import { SiteragRelated } from "./components.ts";

/** Stands where the default theme has `VPDocFooter.vue`, and shows it below the related pages. */
export default function DocFooter(
  props: object,
  { attrs, slots }: { readonly attrs: object; readonly slots: object },
): unknown {
  return [h(SiteragRelated), h(footer, { ...props, ...attrs }, slots)];
}
