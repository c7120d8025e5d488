import { readFileSync } from "node:fs";
import { registerHooks, type ResolveFnOutput } from "node:module";
import { ownModule } from "../words/own-files.ts";

/** What `import … from "siterag"` gives. */
const ENTRY = ownModule("index").href;

/** The formats of files that are CommonJS by their package alone, and what they are as ES modules. */
const AS_MODULE: ReadonlyMap<unknown, string> = new Map([
  ["commonjs", "module"],
  ["commonjs-typescript", "module-typescript"],
]);

/** The syntax of an ES module. */
const MODULE_SYNTAX = /^(?:import\s*["'{*\w]|export\s)/mu;

/**
 * Runs `task`, which imports a configuration, under three rules. `import … from "siterag"` works in
 * every file, installed beside it or not: siterag may have been started by `npx` or from a global
 * folder. A `.ts` file is an ES module also where its package does not say so; Node would find that out
 * as well, but with a warning on every start. And a `.ts` or `.js` file of the site with the syntax of
 * an ES module is one also where its package says CommonJS.
 */
export async function withOwnPackage<Result>(task: () => Promise<Result>): Promise<Result> {
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        const found = nextResolve(specifier, context);
        return { ...found, format: formatOf(found) };
      } catch (error) {
        if (specifier === "siterag") return { url: ENTRY, shortCircuit: true };
        throw error;
      }
    },
  });
  try {
    return await task();
  } finally {
    hooks.deregister();
  }
}

function formatOf({ url, format }: ResolveFnOutput): string | null | undefined {
  const isTyped = url.endsWith(".ts");
  if (isTyped && (format === undefined || format === null)) return "module-typescript";
  const asModule = AS_MODULE.get(format);
  const isOfSite = (isTyped || url.endsWith(".js")) && !url.includes("/node_modules/");
  if (asModule === undefined || !isOfSite) return format;
  return MODULE_SYNTAX.test(readFileSync(new URL(url), "utf8")) ? asModule : format;
}
