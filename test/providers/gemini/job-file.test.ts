import { expect, test } from "vitest";
import { fileOf } from "../../../src/providers/gemini/job-file.ts";

test("a file is sent in pieces that together have its lines and as many bytes as it says", () => {
  const lines = Array.from({ length: 5000 }, (_, at) => `line ${at}: Größe, 漢字 and 🦊`);
  const { bytes, pieces } = fileOf(() => lines);
  const sent = [...pieces()];
  expect(sent.length).toBeGreaterThan(1);
  expect(Buffer.concat(sent).toString()).toBe(`${lines.join("\n")}\n`);
  expect(Buffer.concat(sent)).toHaveLength(bytes);
  expect(Buffer.concat([...pieces()])).toHaveLength(bytes);
});
