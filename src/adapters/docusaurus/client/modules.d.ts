// What the components import where Docusaurus bundles them: it resolves all of it.

declare module "react" {
  export function createElement(
    type: unknown,
    props?: object | null,
    ...children: unknown[]
  ): unknown;
  export function useEffect(effect: () => (() => void) | undefined, dependencies: unknown[]): void;
  export function useRef<Value>(value: Value): { current: Value };
  export const Fragment: unknown;
}

declare module "@docusaurus/Head" {
  const Head: unknown;
  export default Head;
}

declare module "@docusaurus/Link" {
  const Link: unknown;
  export default Link;
}

declare module "@docusaurus/Translate" {
  export function translate(text: {
    readonly id: string;
    readonly message: string;
    readonly description?: string;
  }): string;
}

declare module "@docusaurus/router" {
  export function useHistory(): { push(address: string): void };
  export function matchPath(pathname: string, route: object): object | null;
}

declare module "@generated/routes" {
  const routes: readonly object[];
  export default routes;
}

declare module "@docusaurus/useDocusaurusContext" {
  export default function useDocusaurusContext(): {
    readonly siteConfig: {
      readonly baseUrl: string;
      readonly trailingSlash?: boolean;
      readonly themeConfig: Readonly<Record<string, unknown>>;
    };
  };
}

declare module "@docusaurus/theme-common" {
  export const PageMetadata: unknown;
}

declare module "@docusaurus/plugin-content-docs/client" {
  interface Version {
    readonly name: string;
    readonly label: string;
    readonly isLast: boolean;
  }
  interface Docs {
    readonly versions: readonly Version[];
  }

  export function useAllDocsData(): Readonly<Record<string, Docs>>;
  export function useActivePluginAndVersion():
    | { readonly activePlugin: { readonly pluginId: string }; readonly activeVersion?: Version }
    | undefined;
  export function useDocsPreferredVersionByPluginId(): Readonly<Record<string, Version | null>>;
  export function useDoc(): { readonly metadata: { readonly siterag?: unknown } };
}

declare module "@theme/Layout" {
  const Layout: unknown;
  export default Layout;
}

declare module "@theme/SiteragLabels" {
  export default function siteragLabels(): { readonly search: string };
}

declare module "@theme/SiteragRelated" {
  export default function SiteragRelated(props: {
    readonly links: readonly { readonly url: string; readonly title: string }[];
  }): unknown;
}

declare module "@theme-init/DocItem/Footer" {
  const Footer: unknown;
  export default Footer;
}

// The package itself: components that a site takes over import it, too.
declare module "siterag/docusaurus/client" {
  export function useSiteSearch(labels: object): object;
}
