import { describe, expect, test } from "vitest";
import { ENGLISH } from "../../src/interface/labels.ts";
import { labelsOf, TRANSLATIONS } from "../../src/interface/translations.ts";

const placeholdersIn = (label: string): readonly string[] => label.match(/\{\w+\}/gu) ?? [];

test("the languages of most documentation sites have labels of their own", () => {
  const languages =
    "ar cs da de en es fi fr he id it ja ko nb nl pl pt ru sv tr uk vi zh zh-TW".split(" ");
  expect(Object.keys(TRANSLATIONS).sort()).toEqual(languages.sort());
});

describe.each(Object.entries(TRANSLATIONS))("%s", (_, labels) => {
  test("has every label, with the values of the English one", () => {
    expect(Object.keys(labels)).toEqual(Object.keys(ENGLISH));
    expect(Object.values(labels).map(placeholdersIn)).toEqual(
      Object.values(ENGLISH).map(placeholdersIn),
    );
    expect(Object.values(labels).filter((label) => label.trim() !== label)).toEqual([]);
    expect(Object.values(labels)).not.toContain("");
  });
});

test.each([
  ["pt-BR", "Pesquisar"],
  ["de_AT", "Suchen"],
  ["zh-Hans-CN", "搜索"],
  ["zh-Hant-HK", "搜尋"],
  ["ZH-tw", "搜尋"],
  ["no", "Søk"],
  ["en-GB", "Search"],
  ["tlh", "Search"],
  ["", "Search"],
  ["constructor", "Search"],
])("the language %s is answered with “%s”", (language, search) => {
  expect(labelsOf(language).search).toBe(search);
});
