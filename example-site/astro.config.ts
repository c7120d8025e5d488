import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import siterag from "siterag/starlight";

const folder = (directory: string) => [{ autogenerate: { directory } }];

export default defineConfig({
  integrations: [
    starlight({
      title: "siterag",
      description: "Search for documentation sites, built with the site.",
      sidebar: [
        { label: "What siterag is", link: "/" },
        { label: "Answers", link: "/answers/" },
        {
          label: "Getting started",
          items: ["install", "quick-start", "first-search"].map(
            (page) => `getting-started/${page}`,
          ),
        },
        { label: "Site generators", items: folder("hosts") },
        { label: "Guides", items: folder("guides") },
        { label: "Concepts", items: folder("concepts") },
        { label: "Reference", items: folder("reference") },
        "faq",
        "troubleshooting",
      ],
      // Its own highlighter knows no such language and would warn.
      expressiveCode: { shiki: { langAlias: { gitignore: "txt" } } },
      plugins: [siterag()],
    }),
  ],
});
