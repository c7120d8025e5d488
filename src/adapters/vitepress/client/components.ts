import { useData, useRoute, useRouter, withBase, type Router } from "vitepress";
import { h } from "vue";
import { labels, relatedHeadings, relatedTo, searchPage } from "virtual:siterag/vitepress";
import { isOwnPage } from "./own-pages.ts";

/** The search box: a button and its dialog. Takes no properties. */
export function SiteragSearch(): unknown {
  const router = useRouter();
  return h("siterag-search", {
    labels: labels[useData().localeIndex.value],
    page: searchPage,
    onSiteragNavigate: (event: NavigateEvent) => goTo(event, router),
  });
}

/** The search as a part of a page, which has the question in `?q=`. */
export function SiteragSearchPage(): unknown {
  const router = useRouter();
  return h("siterag-search-page", {
    labels: labels[useData().localeIndex.value],
    onSiteragNavigate: (event: NavigateEvent) => goTo(event, router),
  });
}

/** What the interface sends when a reader opens a result in this tab. */
interface NavigateEvent {
  readonly detail: { readonly url: string };
  preventDefault(): void;
}

/** Opens a page of VitePress without loading the whole site again; leaves all others to the browser. */
function goTo(event: NavigateEvent, router: Router): void {
  const { hash, pathname, search } = new URL(event.detail.url);
  if (!isOwnPage(pathname, withBase("/"), globalThis.__VP_HASH_MAP__)) return;
  event.preventDefault();
  void router.go(pathname + search + hash);
}

/** Links to the pages near the page that is open; nothing if there are none. */
export function SiteragRelated(): unknown {
  const { localeIndex, page } = useData();
  const links = relatedTo(page.value, useRoute().path);
  if (links.length === 0) return null;
  const heading = relatedHeadings[localeIndex.value] ?? "";
  return h("nav", { class: "siterag-related", "aria-label": heading }, [
    // Without an id: VitePress's outline of the page lists those that have one.
    h("h2", null, heading),
    h(
      "ul",
      null,
      links.map(({ title, url }) => h("li", { key: url }, [h("a", { href: url }, title)])),
    ),
  ]);
}
