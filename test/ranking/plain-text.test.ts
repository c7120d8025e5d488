import { expect, test } from "vitest";
import { plainText } from "../../src/ranking/plain-text.ts";

test.each([
  ["**bold**, *em*, ~~gone~~ and [a link](/x_(y)/)", "bold, em, gone and a link"],
  ["a _word_ and *two\nlines*, _two\nlines_ (_here_)", "a word and two lines, two lines (here)"],
  ["snake_case, _private and _other, 2 * 3 * 4", "snake_case, _private and _other, 2 * 3 * 4"],
  ["a _mark\n\nalone_ and \\_none_", "a _mark alone_ and _none_"],
  ["see `foo__bar__baz` and `__init__`", "see foo__bar__baz and __init__"],
  ["a `Map<string, number>` of **`*args`**", "a Map<string, number> of *args"],
  ["``a`b`` and `a|b` | c", "a`b and a|b · c"],
  ["a `b\n\nc` d", "a `b c` d"],
  [
    "```ts\nlet a: Set<T> = **b**;\n# a comment\n```\n**after**",
    "let a: Set<T> = **b**; # a comment after",
  ],
  ["~~~\n```\n~~~\nx", "``` x"],
  ["```\nleft *open*", "left *open*"],
  ["> ```js\n> a | b\n> ```\n> said", "a | b said"],
  ["| a | b |\n| --- | :-: |\n| 1 | 2 |", "a · b · 1 · 2"],
  ["# Heading `x`\n\ntext", "text"],
  ["Use \\<Button> <b>here</b>", "Use <Button> here"],
  ["one\n\n---\n\ntwo", "one two"],
  ["nul \u00000\u0000 is a gap", "nul 0 is a gap"],
])("%j becomes %j", (markdown, text) => {
  expect(plainText(markdown)).toBe(text);
});

test.each([
  "-",
  "- ",
  "|-:",
  "![",
  "[a](",
  "[",
  "[^a",
  "<a",
  "`",
  "` ",
  "**a ",
  "_",
  "_a ",
  "*a\n",
  " ·",
  "|",
  ">",
  " ",
  " \n",
  "```\n",
])("thousands of %j are read within a second", { timeout: 1000 }, (beginning) => {
  expect(plainText(`${beginning.repeat(20_000)}x`).length).toBeLessThanOrEqual(200_001);
});
