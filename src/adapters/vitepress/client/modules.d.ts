// What the components import where VitePress bundles them: it resolves all of it.

declare module "vue" {
  export function h(type: unknown, props?: object | null, children?: unknown): unknown;
}

declare module "vitepress" {
  interface Ref<Value> {
    readonly value: Value;
  }

  export function useData(): {
    readonly localeIndex: Ref<string>;
    readonly page: Ref<{ readonly related?: unknown }>;
  };
  export interface Router {
    go(path: string): Promise<void>;
  }

  export function useRoute(): { readonly path: string };
  export function useRouter(): Router;
  export function withBase(path: string): string;
}

/** VitePress's list of the files of its pages; a dev server has none. */
declare var __VP_HASH_MAP__: import("./own-pages.ts").OwnPages | undefined;

declare module "virtual:siterag/vitepress" {
  /** What the interface says, as JSON, by locale of VitePress; English where there is none. */
  export const labels: Readonly<Record<string, string>>;
  export const relatedHeadings: Readonly<Record<string, string>>;
  /** Address of the search page; null: there is none. */
  export const searchPage: string | null;
  /** The pages near the page that is open. */
  export function relatedTo(
    page: { readonly related?: unknown },
    path: string,
  ): readonly { readonly url: string; readonly title: string }[];
}

declare module "virtual:siterag/vitepress-footer" {
  const footer: unknown;
  export default footer;
}
