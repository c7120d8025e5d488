import { PLAIN_ASTRO, STARLIGHT } from "./astro.ts";
import { DOCUSAURUS } from "./docusaurus.ts";
import { ELEVENTY } from "./eleventy.ts";
import type { Generator } from "./generator.ts";
import { HUGO } from "./hugo.ts";
import { JEKYLL } from "./jekyll.ts";
import { MDBOOK } from "./mdbook.ts";
import { MKDOCS } from "./mkdocs.ts";
import { NEXTRA } from "./nextra.ts";
import { SPHINX } from "./sphinx.ts";
import { VITEPRESS } from "./vitepress.ts";

/** The first that recognises a configuration has it. */
export const GENERATORS: readonly Generator[] = [
  STARLIGHT,
  PLAIN_ASTRO,
  DOCUSAURUS,
  VITEPRESS,
  ELEVENTY,
  NEXTRA,
  MDBOOK,
  HUGO,
  MKDOCS,
  JEKYLL,
  SPHINX,
];
