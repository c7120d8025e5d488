/** The part of a route that tells which addresses it has. */
export interface Route {
  readonly path?: string;
  readonly exact?: boolean;
  readonly strict?: boolean;
  readonly routes?: readonly Route[];
}

/** What Docusaurus shows at every address that no page has. */
const NOT_FOUND = "*";

/**
 * Whether Docusaurus makes the page at an address: a site may have others, such as HTML in `static/`. A route with
 * routes below it says nothing: that of the docs has every address below `/docs/`.
 * @param matches whether a route has an address, which may be percent-encoded
 */
export const isRoute = (
  routes: readonly Route[],
  pathname: string,
  matches: (pathname: string, route: Route) => unknown,
): boolean =>
  routes.some((route) =>
    route.routes === undefined
      ? route.path !== NOT_FOUND &&
        spellings(pathname).some((path) => Boolean(matches(path, route)))
      : isRoute(route.routes, pathname, matches),
  );

/** An address as it is and decoded; none where it cannot be decoded, because the router then throws. */
function spellings(pathname: string): readonly string[] {
  try {
    return [pathname, decodeURI(pathname)];
  } catch {
    return [];
  }
}
