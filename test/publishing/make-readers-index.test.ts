import { expect, test } from "vitest";
import { makeReadersIndex, writeReadersIndex } from "../../src/publishing/make-readers-index.ts";
import type { IndexedSection } from "../../src/ranking/section.ts";
import { section } from "./sections.ts";

const ABOUT = { provider: "none", model: null };

/** Sections of 6 KB, which are a pack each. */
const sectionOf = (at: number): IndexedSection =>
  section({ page: `page-${at}.md`, text: `Number ${at} ${"=".repeat(6200)}` });

const SECTIONS = 2010;

test("files of a large site are handed over while its sections are read", async () => {
  const names: string[] = [];
  const handedOver: number[] = [];
  function* sections(): Generator<IndexedSection> {
    for (let at = 0; at < SECTIONS; at += 1) {
      yield sectionOf(at);
      handedOver.push(names.length);
    }
  }
  const put = async (files: readonly { readonly name: string }[]): Promise<void> => {
    names.push(...files.map(({ name }) => name));
  };
  const manifest = await writeReadersIndex(sections, ABOUT, put);
  // The heads of 2,000 sections may have to go into the table, so that their packs wait.
  expect(handedOver[1999]).toBe(0);
  expect(handedOver.at(-1)).toBeGreaterThan(1900);
  const whole = await makeReadersIndex(sections(), ABOUT);
  expect(manifest).toEqual(whole.manifest);
  expect(names.sort()).toEqual(whole.files.map(({ name }) => name));
});
