import { createElement } from "react";
import Link from "@docusaurus/Link";
import { translate } from "@docusaurus/Translate";

/** What the list of related pages shows. */
export interface RelatedProps {
  readonly links: readonly { readonly url: string; readonly title: string }[];
}

/** Links to the pages near the page that is open; nothing if there are none. */
export default function SiteragRelated({ links }: RelatedProps): unknown {
  if (links.length === 0) return null;
  const heading = translate({ id: "theme.siterag.relatedPages", message: "Related pages" });
  const items = links.map(({ title, url }) =>
    createElement("li", { key: url }, createElement(Link, { to: url }, title)),
  );
  return createElement(
    "nav",
    { className: "siterag-related", "aria-label": heading },
    createElement("h2", null, heading),
    createElement("ul", null, items),
  );
}
