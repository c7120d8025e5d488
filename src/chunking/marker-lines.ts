import type { Nodes, Root } from "mdast";

/** A line that may be a marker of a `:::` container, behind the marks of lists, quotations and footnotes. */
const MARKER = /^((?:[ \t]|>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])|\[\^[^\]]+\]:)*)(:{3,}.*)$/;

/** A text in which markers of containers are written as thematic breaks of the same length. */
interface Masked {
  readonly source: string;
  /** The markers as written, by line. */
  readonly markers: Map<number, string>;
}

/**
 * Replaces the markers of `:::` containers by thematic breaks, for a parser without containers: both are
 * blocks of one line and end paragraphs, tables and lists alike.
 */
export function maskMarkers(source: string): Masked {
  const markers = new Map<number, string>();
  if (!source.includes(":::")) return { source, markers };
  const lines = source.split("\n").map((line, index) => {
    const [, before = "", marker] = MARKER.exec(line) ?? [];
    if (marker === undefined) return line;
    markers.set(index + 1, marker);
    return before + "_".repeat(marker.length);
  });
  return { source: lines.join("\n"), markers };
}

/** Puts masked markers back, also in code and HTML. Returns false if one is elsewhere, as in a paragraph. */
export function restoreMarkers(root: Root, markers: Map<number, string>, source: string): boolean {
  const restore = (node: Nodes): void => {
    const line = node.position?.start.line ?? 0;
    const marker = markers.get(line);
    if (node.type === "thematicBreak" && marker !== undefined) {
      Object.assign(node, { type: "containerMarker", value: marker });
      markers.delete(line);
    } else if (node.type === "code" || node.type === "html") {
      const isFence =
        node.type === "code" && /[`~]/.test(source[node.position?.start.offset ?? 0] ?? "");
      node.value = restoredLines(node.value, isFence ? line + 1 : line, markers);
    } else if ("children" in node && node.type !== "paragraph") node.children.forEach(restore);
  };
  if (markers.size > 0) restore(root);
  return markers.size === 0;
}

function restoredLines(value: string, firstLine: number, markers: Map<number, string>): string {
  if (!value.includes("___")) return value;
  const restored = value.split("\n").map((line, index) => {
    const marker = markers.get(firstLine + index);
    if (marker === undefined || !line.endsWith("_".repeat(marker.length))) return line;
    markers.delete(firstLine + index);
    return line.slice(0, line.length - marker.length) + marker;
  });
  return restored.join("\n");
}
