import { HTML_READING_VERSION } from "../html/reading.ts";

/** Part of every page key. Raise it whenever an unchanged page may give other chunks. */
export const CHUNKER_VERSION: number = 8;

/** The parsers of Markdown, part of the key of every page of it. They give the same chunks on every machine. */
export const PARSERS: string = "satteri 0.10.5, remark-parse 11";

/** The same for built pages. */
export const HTML_PARSERS: string = `hast-util-from-html 2, reading ${HTML_READING_VERSION}`;
