import { createRequire } from "node:module";
import type { Root } from "mdast";

/** Loads a module at once, by name or path. Throws if it is not installed. */
export interface Load {
  (name: string): unknown;
  resolve(name: string): string;
}

interface Binding {
  createMdastHandle(source: string, syntax: number, withPositions: boolean): object;
  serializeHandle(handle: object): Uint8Array;
  dropHandle(handle: object): void;
}

interface Library {
  readonly MdastReader: new (tree: Uint8Array) => object;
  materializeMdastTree(reader: object): Root;
}

const isBinding = (loaded: unknown): loaded is Binding =>
  typeof loaded === "object" && loaded !== null && "createMdastHandle" in loaded;

const isLibrary = (loaded: unknown): loaded is Library =>
  typeof loaded === "object" && loaded !== null && "materializeMdastTree" in loaded;

/** Tables, footnotes, strikethrough and task lists: GFM but for bare addresses, which are text anyway. */
const SYNTAX = (1 << 1) | (1 << 2) | (1 << 3) | (1 << 4);

/** Parses Markdown with GFM, without MDX, math and `:::` lines. */
export type ParseNatively = (source: string) => Root;

/**
 * Loads satteri, or returns null if its package has no binary for this platform. Takes its binding,
 * which its exports leave out: only there can bare addresses be turned off.
 */
export function loadSatteri(load: Load): ParseNatively | null {
  try {
    const library = load("satteri");
    const binding = load(load.resolve("satteri").replace(/dist[\\/]index\.js$/, "index.js"));
    if (!isLibrary(library) || !isBinding(binding)) return null;
    return (source) => {
      const handle = binding.createMdastHandle(source, SYNTAX, true);
      const tree = new library.MdastReader(binding.serializeHandle(handle));
      binding.dropHandle(handle);
      return library.materializeMdastTree(tree);
    };
  } catch {
    return null;
  }
}

let loaded: ParseNatively | null | undefined;

/** The parser of this platform. Loaded on first use: a search parses nothing. */
export const satteri = {
  parser: (): ParseNatively | null => {
    loaded = loaded === undefined ? loadSatteri(createRequire(import.meta.url)) : loaded;
    return loaded;
  },
};
