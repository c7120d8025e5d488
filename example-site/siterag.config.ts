import { defineConfig } from "siterag";

export default defineConfig({
  embedding: {
    /** Needs no key, and does not know what words mean. Leave it out for Gemini. */
    provider: "mock",
  },
  search: {
    /** The page `/answers/` shows what the build found. */
    queries: [
      "How do I leave a page out of the index?",
      "Is a long code fence split?",
      "How are duplicate headings numbered?",
      "How does hybrid search fuse ranks?",
      "Who holds the writer lock?",
      "How do I run siterag in GitHub Actions?",
      "Can several branches share one store?",
      "How do I show related pages in Astro?",
    ],
  },
});
