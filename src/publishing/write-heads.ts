import type { IndexedSection } from "../ranking/section.ts";
import { ADDRESS, ADDRESS_KINDS, slugKindOf } from "../reader/section-heads.ts";
import type { ByteWriter } from "./byte-writer.ts";

/** Writes what `readHeads` reads, of neighbouring sections with the URLs of their pages. */
export function writeHeads(
  writer: ByteWriter,
  sections: readonly IndexedSection[],
  pageUrlOf: (section: IndexedSection) => string,
): void {
  const kinds: number[] = [];
  const shared: number[] = [];
  const further: number[] = [];
  const texts: string[] = [];
  let above: readonly string[] = [];
  sections.forEach((section, at) => {
    const { heading, trail } = section;
    if (section.page !== sections[at - 1]?.page) above = [];
    const common = trail.findIndex((one, level) => one !== above[level]);
    const kept = common === -1 ? trail.length : common;
    const [kind, ...address] = addressOf(section, pageUrlOf(section));
    shared.push(kept);
    further.push(trail.length - kept);
    kinds.push(heading === null ? kind : kind + ADDRESS_KINDS);
    texts.push(...trail.slice(kept), ...(heading === null ? [] : [heading]), ...address);
    above = heading === null ? trail : [...trail, heading];
  });
  for (const column of [kinds, shared, further]) writer.numbers(column);
  writer.number(texts.length);
  writer.texts(texts);
}

type Address = readonly [kind: number] | readonly [kind: number, text: string];

function addressOf({ url, heading }: IndexedSection, pageUrl: string): Address {
  if (url === pageUrl) return [ADDRESS.page];
  if (!url.startsWith(`${pageUrl}#`)) return [ADDRESS.whole, url];
  const anchor = url.slice(pageUrl.length + 1);
  const kind = heading === null ? null : slugKindOf(heading, anchor);
  return kind === null ? [ADDRESS.anchor, anchor] : [kind];
}
