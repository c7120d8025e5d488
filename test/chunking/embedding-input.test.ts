import { expect, it } from "vitest";
import { chunkEmbeddingText, embeddingInput } from "../../src/chunking/embedding-input.ts";

it.each([
  ["Guide", ["Install", "From npm"], "Guide > Install > From npm\n\ntext"],
  ["Guide", ["Guide", "Install"], "Guide > Install\n\ntext"],
  ["“Guide”", ["Don’t – …"], '"Guide" > Don\'t - ...\n\ntext'],
  ["Guide", [], "Guide\n\ntext"],
  ["", [], "text"],
])(
  "title %j and headings %j come before the text, without repeats",
  (title, headings, expected) => {
    expect(chunkEmbeddingText({ title, headings, text: "text" })).toBe(expected);
  },
);

it.each([
  ["a title and headings that the trail names", "# Guide\n\n## Don’t `run`\n\ntext", "text"],
  ["no other heading", "## Don’t `run`\n\ntext\n\n## Next\n\nmore", "text\n\nNext\n\nmore"],
  ["no heading of the same name further down", "## Don't run\n\n### Guide\n\n### Guide", "Guide"],
  ["no text", "Guide\n\nDon't run", "Guide\n\nDon't run"],
])("a text without %s", (_, text, expected) => {
  const trail = { title: "Guide", headings: ["Guide", "Don’t run"] };
  expect(embeddingInput({ ...trail, text }).text).toBe(expected);
});

it.each([
  ["nothing but headings", "# Guide", "Guide"],
  ["a label alone", "**Tip**", "Guide"],
  ["an image without words", "![](a.png)", "Guide"],
])("a chunk of %s has a text too", (_, text, expected) => {
  expect(embeddingInput({ title: "Guide", headings: [], text })).toEqual({
    title: "Guide",
    text: expected,
  });
});

it("a link that moves, or a fence with another title, changes nothing", () => {
  const inputOf = (text: string): string => chunkEmbeddingText({ title: "", headings: [], text });
  const before = inputOf("[a](/b)\n\n```js\nc();\n```");
  expect(inputOf('[a](/d "e")\n\n~~~~ts title="f"\nc();\n~~~~')).toBe(before);
});
