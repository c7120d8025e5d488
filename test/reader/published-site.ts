import { makeReadersIndex, type ReadersIndex } from "../../src/publishing/make-readers-index.ts";
import type { IndexedSection } from "../../src/ranking/section.ts";
import type { FileSource } from "../../src/reader/file-source.ts";
import { section } from "../publishing/sections.ts";

/** A small site: three pages, one in another language, one of another version. */
export const GARDEN: readonly IndexedSection[] = [
  section({
    page: "de/tomaten.md",
    title: "Tomaten",
    locale: "de",
    text: "Die Datenbankverbindung hat mit Tomaten nichts zu tun.",
  }),
  section({ page: "roses.md", title: "Roses", text: "All about roses.", version: "2" }),
  section({
    page: "roses.md",
    title: "Roses",
    heading: "Pruning",
    url: "/roses/#pruning",
    version: "2",
    text: "Prune the roses in spring, with sharp **secateurs**.",
  }),
  section({ page: "tomatoes.md", title: "Tomatoes", text: "All about tomatoes." }),
  section({
    page: "tomatoes.md",
    title: "Tomatoes",
    heading: "Watering",
    url: "/tomatoes/#watering",
    text: "Water the tomatoes in the morning. Tomatoes like `tomatoCan.pour()`.",
  }),
  section({
    page: "tomatoes.md",
    title: "Tomatoes",
    heading: "Details",
    trail: ["Watering"],
    text: "Tomatoes drink two litres.",
  }),
  section({
    page: "tomatoes.md",
    title: "Tomatoes",
    heading: "More details",
    trail: ["Watering"],
    text: "Tomatoes drink three litres when it is hot.",
  }),
];

/** The index of a site that a provider without vectors made. */
export const indexOf = (sections: readonly IndexedSection[]): Promise<ReadersIndex> =>
  makeReadersIndex(sections, { provider: "none", model: null });

/** Files in memory, which a test may change, with what was asked for. */
export interface MemoryFiles extends FileSource {
  readonly files: Map<string, Uint8Array>;
  /** Names in the order in which they were asked for. */
  readonly asked: string[];
}

/** The files of an index in memory. */
export function memoryFiles({ files, manifest }: ReadersIndex): MemoryFiles {
  const byName = new Map([manifest, ...files].map(({ name, bytes }) => [name, bytes]));
  const asked: string[] = [];
  return {
    files: byName,
    asked,
    async read(name) {
      asked.push(name);
      return byName.get(name) ?? null;
    },
  };
}
