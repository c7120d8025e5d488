/** Orama's full text with its boosts for titles, any word of the question. */
import { create, insertMultiple, search } from "@orama/orama";
import { firstPages } from "./first-pages.mjs";

export async function rank({ sections, queries, limit }) {
  const db = create({
    schema: { page: "string", title: "string", heading: "string", text: "string" },
  });
  await insertMultiple(
    db,
    sections.map(({ heading, page, text, title }) => ({
      page,
      title,
      heading: heading ?? "",
      text,
    })),
  );
  const answers = [];
  for (const term of queries) {
    const { hits } = await search(db, {
      term,
      limit: 10 * limit,
      properties: ["title", "heading", "text"],
      boost: { title: 3, heading: 5 },
      threshold: 1,
    });
    answers.push(
      firstPages(
        hits.map(({ document }) => document.page),
        limit,
      ),
    );
  }
  return answers;
}
