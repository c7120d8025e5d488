import { expect, it } from "vitest";
import { chunkEmbeddingText } from "../../src/chunking/embedding-input.ts";

it.each([
  ["Guide", ["Install", "From npm"], "Guide > Install > From npm\n\ntext"],
  ["Guide", ["Guide", "Install"], "Guide > Install\n\ntext"],
  ["Guide", [], "Guide\n\ntext"],
  ["", [], "text"],
])(
  "title %j and headings %j come before the text, without repeats",
  (title, headings, expected) => {
    expect(chunkEmbeddingText({ title, headings, text: "text" })).toBe(expected);
  },
);
