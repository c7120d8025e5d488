/** lunr as docusaurus-search-local sets it up: title, heading and text, stemmed, without stop words. */
import lunr from "lunr";
import { firstPages } from "./first-pages.mjs";

export function rank({ sections, queries, limit }) {
  const index = lunr(function build() {
    this.ref("id");
    this.field("title", { boost: 5 });
    this.field("heading", { boost: 3 });
    this.field("text");
    for (const [id, { heading, text, title }] of sections.entries()) {
      this.add({ id, title, heading: heading ?? "", text });
    }
  });
  // Signs have a meaning in lunr's query language; terms have none.
  return queries.map((query) => {
    const found = index.query((asked) => asked.term(lunr.tokenizer(query), {}));
    return firstPages(
      found.map(({ ref }) => sections[ref].page),
      limit,
    );
  });
}
