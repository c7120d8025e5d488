import { expect, it } from "vitest";
import { isOwnPage } from "../../../src/adapters/vitepress/client/own-pages.ts";

const PAGES = {
  "index.md": "a",
  "search.md": "b",
  "guide_install.md": "c",
  "guide_index.md": "d",
  "guide_über uns.md": "e",
  "c__.md": "f",
  "draft.md": "g",
};

it.each([
  "/docs/",
  "/docs/index.html",
  "/docs/search",
  "/docs/guide/",
  "/docs/guide",
  "/docs/guide/index.html",
  "/docs/guide/Install.html",
  "/docs/guide/%C3%BCber%20uns.html",
  "/docs/c++.html",
  "/docs/_draft",
])("VitePress opens %s", (path) => {
  expect(isOwnPage(path, "/docs/", PAGES)).toBe(true);
});

it.each([
  "/docs/api/",
  "/docs/api/index.html",
  "/docs/guide/more.html",
  "/guide/",
  "/docs/constructor",
  "/docs/100%",
])("the browser opens %s", (path) => {
  expect(isOwnPage(path, "/docs/", PAGES)).toBe(false);
});

it("leaves all pages to the router of a dev server", () => {
  expect(isOwnPage("/docs/api/", "/docs/", undefined)).toBe(true);
});
