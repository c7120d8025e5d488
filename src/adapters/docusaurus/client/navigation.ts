import { useEffect, useRef } from "react";
import { matchPath, useHistory } from "@docusaurus/router";
import routes from "@generated/routes";
import { isRoute } from "./is-route.ts";

/** The part of an element that the interface sends its event from. */
interface Sender {
  addEventListener(name: "siterag-navigate", listener: (event: NavigateEvent) => void): void;
  removeEventListener(name: "siterag-navigate", listener: (event: NavigateEvent) => void): void;
}

/** What the interface sends when a reader opens a result in this tab. */
interface NavigateEvent {
  readonly detail: { readonly url: string };
  preventDefault(): void;
}

/** A `ref` for an element of siterag: pages are opened without loading the whole site again. */
export function useSiteNavigation(): { current: Sender | null } {
  const element = useRef<Sender | null>(null);
  const history = useHistory();
  useEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const open = (event: NavigateEvent): void => {
      const { hash, pathname, search } = new URL(event.detail.url);
      if (!isRoute(routes, pathname, matchPath)) return;
      event.preventDefault();
      history.push(pathname + search + hash);
    };
    current.addEventListener("siterag-navigate", open);
    return () => current.removeEventListener("siterag-navigate", open);
  }, [history]);
  return element;
}
