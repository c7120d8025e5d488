import type { Plugin } from "rolldown";

/** Modules of Node that take milliseconds to load, and whose functions not every run calls. */
const LATER = new Set(["node:child_process", "node:crypto", "node:fs/promises", "node:v8"]);

/** Rolldown's error for a missing export ends with the module's id, so the id says why. */
const REASON =
  " (of which only functions can be imported by name: it is loaded when one is called)";

/** Whether a module of a bundle stands for one that is loaded later. */
export const isLater = (id: string): boolean => id.startsWith("\0node:") && id.endsWith(REASON);

/**
 * Loads these when a function of theirs is called. Classes and constants would be needed at once, so importing
 * one by name fails; the default import has them.
 */
export const laterModules: Plugin = {
  name: "later-modules",
  resolveId: (id) => (LATER.has(id) ? `\0${id}${REASON}` : null),
  load(id) {
    if (!isLater(id)) return null;
    const name = id.slice(1, -REASON.length);
    const module = `process.getBuiltinModule("${name}")`;
    const values = Object.entries(process.getBuiltinModule(name) ?? {});
    const getters = values.map(([one]) => `get ${one}() { return ${module}.${one}; }`);
    // Node's classes begin with a capital letter.
    const functions = values
      .filter(([one, value]) => typeof value === "function" && /^[a-z]/u.test(one))
      .map(([one]) => `export const ${one} = (...given) => ${module}.${one}(...given);`);
    return [...functions, `export default { ${getters.join(", ")} };`].join("\n");
  },
};
