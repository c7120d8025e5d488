import { createElement, Fragment } from "react";
import { useDoc } from "@docusaurus/plugin-content-docs/client";
import Footer from "@theme-init/DocItem/Footer";
import SiteragRelated from "@theme/SiteragRelated";

interface Link {
  readonly url: string;
  readonly title: string;
}

const isLink = (value: unknown): value is Link =>
  typeof value === "object" &&
  value !== null &&
  "url" in value &&
  typeof value.url === "string" &&
  "title" in value &&
  typeof value.title === "string";

/** The footer that the theme has, below the related pages. */
export default function DocItemFooter(props: object): unknown {
  const { siterag } = useDoc().metadata;
  const links = Array.isArray(siterag) ? siterag.filter(isLink) : [];
  return createElement(
    Fragment,
    null,
    createElement(SiteragRelated, { links }),
    createElement(Footer, props),
  );
}
