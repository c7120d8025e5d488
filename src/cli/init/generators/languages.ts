import { ABSENT, assumed, firstOf, known, type Written } from "../answer.ts";
import type { Script } from "../script-text.ts";
import type { Answers } from "./generator.ts";

/**
 * The language of the pages outside the folders of other languages, where a site lists languages by
 * folder and calls the main one `root`, as Starlight and VitePress do. `ofSite` is the language of the
 * whole site, which holds for a root without one.
 */
export function rootLocale(
  script: Script,
  path: string,
  ofSite: Written = ABSENT,
): Pick<Answers, "locales"> {
  const own = script.at(`${path}.root.lang`);
  if (own.kind === "absent" && script.at(`${path}.root`).kind === "absent") return {};
  const language = firstOf(own, ofSite);
  if (language.kind === "text") return { locales: known({ ".": language.text }) };
  const why =
    'Pages outside of the folders of languages get no language; { ".": "en" } gives them one.';
  return { locales: assumed({}, why) };
}
