import { expect, it } from "vitest";
import { isRoute, type Route } from "../../../src/adapters/docusaurus/client/is-route.ts";

/** As Docusaurus writes them for a site with docs, a page, and an application of a plugin. */
const ROUTES: readonly Route[] = [
  { path: "/shop/", exact: true },
  {
    path: "/docs",
    routes: [{ path: "/docs", routes: [{ path: "/docs/öl", exact: true }] }],
  },
  { path: "/app" },
  { path: "*" },
];

/** As React's router does, but for parameters. */
function matches(pathname: string, { exact = false, path = "" }: Route): boolean {
  const [address, route] = [pathname, path].map((one) => one.replace(/\/$/u, ""));
  if (path === "*" || address === route) return true;
  return !exact && pathname.startsWith(`${path}/`);
}

it.each([
  ["/shop/", true],
  ["/shop", true],
  ["/docs/%C3%B6l/", true],
  ["/app/settings", true],
  ["/docs/reference/", false],
  ["/reference/index.html", false],
  ["/shop/%E0%A4%A/", false],
  ["/app/100%", false],
])("knows whether Docusaurus makes the page %s: %s", (pathname, isMade) => {
  expect(isRoute(ROUTES, pathname, matches)).toBe(isMade);
});
