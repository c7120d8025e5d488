import { isNode, isScalar, LineCounter, parseDocument, visit, YAMLParseError } from "yaml";
import type { Document, YAMLError } from "yaml";

/** Parses YAML as hosts do. Throws the first YAMLError, with its line. */
export function parseYaml(block: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(block, {
    // Hosts read `<<` as YAML 1.1 does.
    merge: true,
    // Writes no warning to the console, and hides no error as `silent` does.
    logLevel: "error",
    lineCounter,
    // Both take the library quadratic time: it compares each key with all others.
    prettyErrors: false,
    uniqueKeys: false,
  });
  const error = document.errors[0] ?? repeatedKey(document);
  if (error === null) return document.toJS();
  error.linePos = [lineCounter.linePos(error.pos[0])];
  throw error;
}

/** The error of the first name that a list of names and values has twice, or null. */
function repeatedKey(document: Document.Parsed): YAMLError | null {
  const errors: YAMLError[] = [];
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        if (seen.has(name) && isNode(key)) {
          const [start = 0, end = 0] = key.range ?? [];
          const message = "Map keys must be unique";
          errors.push(new YAMLParseError([start, end], "DUPLICATE_KEY", message));
          return visit.BREAK;
        }
        seen.add(name);
      }
      return undefined;
    },
  });
  return errors[0] ?? null;
}
