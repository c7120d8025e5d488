import { onTestFinished } from "vitest";
import { Database } from "../../src/store/database.ts";
import type { Row } from "../../src/words/hits.ts";
import type { ChunkSection, EmbeddingSpace } from "../../src/words/types.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** A new real database in a temporary folder; closed and removed when the test ends. */
export async function openDatabase(): Promise<Database> {
  const database = await Database.connect(await temporaryFolder());
  onTestFinished(() => database.close());
  return database;
}

export const space: EmbeddingSpace = {
  provider: "mock",
  model: "test",
  dimensions: 4,
  taskForm: "plain",
};

/** Unit vector along one axis. */
export function axis(at: number, dimensions = space.dimensions): Float32Array {
  return Float32Array.from({ length: dimensions }, (_, index) => (index === at ? 1 : 0));
}

/** A section with these headings above it, and its own as the last. */
const sectionOf = (headings: readonly string[], offset = 0): ChunkSection => ({
  heading: headings.at(-1) ?? null,
  trail: headings.slice(0, -1),
  anchor: null,
  startLine: 1,
  offset,
});

/** A complete row of page `page.md`, with everything but the id open to change. */
export function rowOf(id: string, changes: Partial<Row> = {}): Row {
  return {
    id,
    page: "page.md",
    url: "/page/",
    title: "Page",
    headings: ["Page"],
    text: `text of ${id}`,
    sections: [sectionOf(changes.headings ?? ["Page"])],
    position: 0,
    locale: null,
    version: null,
    startLine: 1,
    endLine: 2,
    tokens: 3,
    fingerprint: `print-${id}`,
    vectorFingerprint: `print-${id}`,
    vector: axis(0),
    ...changes,
  };
}
