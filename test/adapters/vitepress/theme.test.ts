import { describe, expect, it } from "vitest";
import { factsModule, NO_FACTS, themePlugin } from "../../../src/adapters/vitepress/theme.ts";

const THEME = "/site/node_modules/vitepress/dist/client/theme-default/components";
const ALL = { search: true, related: true };

/** Resolves an import as Vite would, where each file is beside its importer. */
const resolver = (plugin: ReturnType<typeof themePlugin>, folder = THEME) => {
  const context = { resolve: async (id: string) => ({ id: id.replace(/^\./, folder) }) };
  return (id: string) => plugin.resolveId.call(context, id, `${folder}/VPNavBar.vue`);
};

describe("the default theme", () => {
  it("gets siterag's search and related pages in the place of its own components", async () => {
    const resolve = resolver(themePlugin(() => ALL));
    expect(await resolve("./VPNavBarSearch.vue")).toMatch(/\/client\/nav-search\.ts$/);
    expect(await resolve("./VPDocFooter.vue")).toMatch(/\/client\/doc-footer\.ts$/);
    expect(await resolve("./VPNavBarTitle.vue")).toBeNull();
    expect(await resolve("siterag/vitepress/client")).toMatch(/\/client\/components\.ts$/);
  });

  it("shows its own footer below the related pages", async () => {
    const resolve = resolver(themePlugin(() => ALL));
    await resolve("./VPDocFooter.vue");
    expect(await resolve("virtual:siterag/vitepress-footer")).toBe(`${THEME}/VPDocFooter.vue`);
  });

  it.each([
    [{ search: false, related: true }, "./VPNavBarSearch.vue"],
    [{ search: true, related: false }, "./VPDocFooter.vue"],
  ])("keeps its component with %o", async (replaced, id) => {
    expect(await resolver(themePlugin(() => replaced))(id)).toBeNull();
  });

  it("keeps a component of the site's own", async () => {
    const resolve = resolver(
      themePlugin(() => ALL),
      "/site/docs/.vitepress/theme",
    );
    expect(await resolve("./VPNavBarSearch.vue")).toBeNull();
  });
});

describe("what the components show", () => {
  const facts = { ...NO_FACTS, related: 2, relatedHeadings: { root: "Related pages" } };

  /** Runs the module without its imports. */
  async function run(source = "", imports = ""): Promise<Record<string, unknown>> {
    const text = `${imports}\n${source.replaceAll(/^import .*$/gm, "")}`;
    return import(`data:text/javascript,${encodeURIComponent(text)}`);
  }

  it("comes with the page's data in a build, and leaves out what is no link", async () => {
    const plugin = factsModule(() => facts);
    const source = plugin.load("\0virtual:siterag/vitepress");
    expect(source).toMatch(/^import ".*\/client\/style\.css";$/m);
    const module = await run(source);
    const links = [{ title: "A", url: "/a" }];
    expect(module).toMatchObject({ relatedHeadings: { root: "Related pages" }, searchPage: null });
    expect(module["relatedTo"]).toBeTypeOf("function");
    const relatedTo = Object(module["relatedTo"]);
    expect(relatedTo({ related: [...links, null, "b"] })).toEqual(links);
    expect(relatedTo({ related: "own" })).toEqual([]);
    expect(relatedTo({})).toEqual([]);
  });

  it("comes from the newest results in a dev server", async () => {
    const plugin = factsModule(() => ({ ...facts, isDev: true }));
    const imports = "const related = (path) => [path, 2, 3];";
    const module = await run(plugin.load("\0virtual:siterag/vitepress"), imports);
    expect(Object(module["relatedTo"])({}, "/a")).toEqual(["/a", 2]);
  });
});
