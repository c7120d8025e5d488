import { z } from "zod";
import { key, type Key } from "./key.ts";
import { listOf, text } from "./values.ts";

/** By folder or file below the content root; `.` is the root itself. */
const byPath = <Value>(schema: () => z.ZodType<Value>): Key<Readonly<Record<string, Value>>> =>
  key(() => z.record(text.schema(), schema()).readonly()).default({});

/** sha-256 as hex. */
const hash = key(() => z.string().regex(/^[0-9a-f]{64}$/u));

/** The keys of the block `content` that say something of single folders and files. */
export const PLACE_KEYS = {
  locales: byPath(text.nullable().schema).describe(
    'Locales of folders or files, if their names do not tell: { ".": "en", cs: null }.',
  ),
  versions: byPath(text.nullable().schema).describe(
    'Versions of folders or files, if their names do not tell: { v1: "1.0" }.',
  ),
  paths: byPath(() => z.string()).describe(
    'What stands for folders or files in URLs, if it is not their name: { "pages/en": "" }.',
  ),
  leftBehind: listOf(hash)
    .default([])
    .describe(
      "HTML of earlier builds that Eleventy has left in the built site: sha-256 of each path below it.",
    ),
  pages: byPath(text.schema).describe(
    "Files that are pages, with their addresses, where Docusaurus tells both: no other file is one.",
  ),
  routes: byPath(() =>
    z.strictObject({
      file: text.schema(),
      params: z.record(z.string(), z.unknown()).readonly().default({}),
      content: z.string().default(""),
    }),
  ).describe(
    "Pages that VitePress makes from route templates: the file of the template, its params and its content.",
  ),
};
