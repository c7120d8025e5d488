import { withoutDeepTags } from "../../html/deep-tags.ts";
import { parseHtml } from "../../html/parse-html.ts";
import type { PageBlocks } from "../read-blocks.ts";
import { pageBlocksOf } from "./block-markdown.ts";
import { readNodes } from "./block-reader.ts";
import { surveyOf } from "./survey.ts";

/** Reads the blocks of a page's HTML. Malformed HTML causes warnings, never an error. */
export function readHtml(body: string, warn: (problem: string) => void = () => {}): PageBlocks {
  const html = withoutDeepTags(body);
  if (html !== body) warn("nested too deeply; its deepest elements are read as text");
  const root = parseHtml(html);
  return pageBlocksOf(readNodes(root.children, surveyOf(root)));
}
