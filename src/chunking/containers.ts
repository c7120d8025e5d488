import type { Literal } from "mdast";
import type { Extension as FromMarkdownExtension } from "mdast-util-from-markdown";
import type { Code, Construct, Extension, State, Tokenizer } from "micromark-util-types";

/** A line of three or more colons that opens or closes a container: `::: tip Title`, `:::`. */
interface ContainerMarker extends Literal {
  type: "containerMarker";
}

declare module "mdast" {
  interface RootContentMap {
    containerMarker: ContainerMarker;
  }
  interface BlockContentMap {
    containerMarker: ContainerMarker;
  }
}

declare module "micromark-util-types" {
  interface TokenTypeMap {
    containerMarker: "containerMarker";
  }
}

const COLON = 58;
const SHORTEST_MARKER = 3;

/** micromark's codes for line ends run from carriage return (-5) to carriage return + line feed (-3). */
const isEndOfLine = (code: Code): boolean => code === null || code < -2;

const tokenizeMarker: Tokenizer = function tokenizeMarker(effects, ok, nok) {
  let colons = 0;
  const rest: State = (code) => {
    if (isEndOfLine(code)) {
      effects.exit("containerMarker");
      return ok(code);
    }
    effects.consume(code);
    return rest;
  };
  const marker: State = (code) => {
    if (code !== COLON) return colons < SHORTEST_MARKER ? nok(code) : rest(code);
    colons += 1;
    effects.consume(code);
    return marker;
  };
  return (code) => {
    effects.enter("containerMarker");
    return marker(code);
  };
};

const markerLine: Construct = { name: "containerMarker", tokenize: tokenizeMarker };

/**
 * Grammar for marker lines of `:::` containers as VitePress, Docusaurus and Starlight write them. A
 * marker is a block of its own: it ends paragraphs, tables and lists, is ignored in fences, and
 * leaves the lines between two markers to the Markdown parser.
 */
export const containerSyntax: Extension = { flow: { [COLON]: markerLine } };

/** Builds the node `containerMarker`; its value is the line without indentation. */
export const containerFromMarkdown: FromMarkdownExtension = {
  enter: {
    containerMarker(token) {
      this.enter({ type: "containerMarker", value: this.sliceSerialize(token) }, token);
    },
  },
  exit: {
    containerMarker(token) {
      this.exit(token);
    },
  },
};

/** Containers whose name hosts show as the title if the author gives none. */
const SHOWN_NAMES = new Set(
  "note tip info warning danger caution important details hint success error question example abstract seealso todo".split(
    " ",
  ),
);

/** Whether a host shows this name of a box as its title if the author gives none. */
export const isShownName = (name: string): boolean => SHOWN_NAMES.has(name.toLowerCase());

const OPENING = /^:{3,}[ \t]*([A-Za-z][\w-]*)?[ \t]*(.*)$/;

/**
 * The title that a host shows for a marker line, in bold: `**Read this**` for `::: tip Read this`,
 * `**Note**` for `:::note`, and an empty string for closing and structural markers.
 */
export function containerTitle(marker: string): string {
  const [, name = "", rest = ""] = OPENING.exec(marker.trimEnd()) ?? [];
  const written = /^\[(.*)\](?:\{[^{}]*\})?$/.exec(rest)?.[1] ?? rest.replace(/\{[^{}]*\}$/, "");
  const shown = isShownName(name) ? name[0]?.toUpperCase() + name.slice(1) : "";
  const title = written.trim() || shown;
  return title === "" || title.includes("*") ? title : `**${title}**`;
}
