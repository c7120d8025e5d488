import { z } from "zod";
import { listOf, section, text } from "./values.ts";

/** By folder or file below the content root; `.` is the root itself. */
const byPath = <Value extends z.ZodType>(value: Value) =>
  z.record(text, value).readonly().default({});

/** sha-256 as hex. */
const HASH = z.string().regex(/^[0-9a-f]{64}$/u);

/** The keys of the block `content` that say something of single folders and files. */
export const PLACE_KEYS = {
  locales: byPath(text.nullable()).describe(
    'Locales of folders or files, if their names do not tell: { ".": "en", cs: null }.',
  ),
  versions: byPath(text.nullable()).describe(
    'Versions of folders or files, if their names do not tell: { v1: "1.0" }.',
  ),
  paths: byPath(z.string()).describe(
    'What stands for folders or files in URLs, if it is not their name: { "pages/en": "" }.',
  ),
  leftBehind: listOf(HASH)
    .default([])
    .describe(
      "HTML of earlier builds that Eleventy has left in the built site: sha-256 of each path below it.",
    ),
  pages: byPath(text).describe(
    "Files that are pages, with their addresses, where Docusaurus tells both: no other file is one.",
  ),
  routes: byPath(
    section({
      file: text,
      params: z.record(z.string(), z.unknown()).readonly().default({}),
      content: z.string().default(""),
    }),
  ).describe(
    "Pages that VitePress makes from route templates: the file of the template, its params and its content.",
  ),
};
