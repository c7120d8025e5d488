import { withoutInvisible } from "../character-references.ts";

/** Marks that Markdown has a pair of signs for. */
export type MarkKind = "strong" | "emphasis" | "deleted" | "link";

/** A part of running text of an HTML page, before it becomes Markdown. */
export type InlinePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  /** Markdown that is shown as it is: a formula, a reference to a footnote. */
  | { readonly kind: "markdown"; readonly text: string }
  | { readonly kind: "image"; readonly alt: string; readonly source: string }
  | { readonly kind: "break" }
  | { readonly kind: "open"; readonly mark: MarkKind; readonly target: string }
  | { readonly kind: "close"; readonly mark: MarkKind };

/** Collects parts, with one space for all white space between two. */
export interface PartSink {
  readonly parts: InlinePart[];
  /** Marks that nothing is shown in yet. */
  readonly waiting: Extract<InlinePart, { kind: "open" }>[];
  /** How often each mark is open. */
  readonly depths: Map<MarkKind, number>;
  hasSpace: boolean;
}

export const partSink = (): PartSink => ({
  parts: [],
  waiting: [],
  depths: new Map(),
  hasSpace: false,
});

/** Opens what waits, behind the space that was found last. */
function begin(sink: PartSink): void {
  const { parts, waiting } = sink;
  const last = parts.at(-1);
  if (sink.hasSpace && last !== undefined && last.kind !== "break") {
    if (last.kind === "text") parts[parts.length - 1] = { kind: "text", text: `${last.text} ` };
    else parts.push({ kind: "text", text: " " });
  }
  sink.hasSpace = false;
  parts.push(...waiting);
  waiting.length = 0;
}

const SPACE = /[ \t\n\r\f]+/;

/** Adds text as browsers show it. */
export function addText(sink: PartSink, written: string): void {
  const words = written.split(SPACE);
  for (const [at, word] of words.entries()) {
    if (at > 0) sink.hasSpace = true;
    if (word === "") continue;
    begin(sink);
    append(sink, "text", word);
  }
}

/** Adds code; code next to code is one span. */
export function addCode(sink: PartSink, written: string): void {
  const text = withoutInvisible(written).replace(/[ \t\n\r\f]+/g, " ");
  if (text.trim() === "") {
    if (text !== "") sink.hasSpace = true;
    return;
  }
  begin(sink);
  append(sink, "code", text);
}

function append({ parts }: PartSink, kind: "text" | "code", text: string): void {
  const last = parts.at(-1);
  if (last?.kind !== kind) parts.push({ kind, text });
  else parts[parts.length - 1] = { kind, text: last.text + text };
}

/** Adds a part that is shown. */
export function addPart(sink: PartSink, part: InlinePart): void {
  begin(sink);
  sink.parts.push(part);
}

/** Ends a line. */
export function addBreak(sink: PartSink): void {
  sink.hasSpace = false;
  const last = sink.parts.at(-1);
  if (last !== undefined && last.kind !== "break") sink.parts.push({ kind: "break" });
}

/** Adds what `read` adds between the signs of a mark; one inside the same mark has no signs. */
export function addMarked(sink: PartSink, mark: MarkKind, target: string, read: () => void): void {
  const depth = sink.depths.get(mark) ?? 0;
  sink.depths.set(mark, depth + 1);
  const open = { kind: "open", mark, target } as const;
  if (depth === 0) sink.waiting.push(open);
  read();
  sink.depths.set(mark, depth);
  if (depth > 0) return;
  if (sink.waiting.at(-1) === open) sink.waiting.pop();
  else sink.parts.push({ kind: "close", mark });
}
