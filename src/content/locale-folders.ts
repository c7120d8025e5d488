import { once } from "../words/once.ts";

/** Names languages of two or three letters: `fr`, `pt-br`, `zh-Hans`, `es-419`. */
const languages = once(() => new Intl.DisplayNames(["en"], { type: "language", fallback: "none" }));
const TAG = /^[a-z]{2,3}(?:[-_][a-z\d]{2,4}){0,2}$/i;

const isLanguage = (name: string): boolean =>
  TAG.test(name) &&
  languages().of(name.slice(0, 3).replace(/[-_]$/, "").toLowerCase()) !== undefined;

/**
 * The top folders that hold translations, as Starlight, VitePress and Eleventy lay them: named after a
 * language, and at least half of their pages have a page of the same path in the root or in another
 * such folder, or half of another's pages have one in them. A folder `ml` about machine learning has not.
 *
 * @param ids Of all files of the site.
 */
export function localeFolders(ids: readonly string[]): ReadonlySet<string> {
  const pages = new Map<string, Set<string>>([["", new Set()]]);
  for (const id of ids) {
    const [top = "", ...rest] = id.split("/");
    const isCandidate = rest.length > 0 && isLanguage(top);
    const [folder, path] = isCandidate ? [top, rest.join("/")] : ["", id];
    const known = pages.get(folder) ?? new Set();
    pages.set(folder, known.add(path.replace(/\.[^./]+$/, "")));
  }
  const others = (folder: string) => [...pages].filter(([name]) => name !== folder);
  const candidates = [...pages].filter(([folder]) => folder !== "");
  const translations = candidates.filter(([folder, own]) => {
    const known = others(folder);
    return isHalf(own, (path) => known.some(([, paths]) => paths.has(path)));
  });
  const originals = candidates.filter(([folder, own]) =>
    translations.some(([name, paths]) => name !== folder && isHalf(paths, (path) => own.has(path))),
  );
  return new Set([...translations, ...originals].map(([folder]) => folder));
}

const isHalf = (paths: ReadonlySet<string>, isShared: (path: string) => boolean): boolean =>
  [...paths].filter(isShared).length * 2 >= paths.size;
