import { registerHooks } from "node:module";

/** This package's entry, beside which this file stands: `.ts` in the sources, `.js` when built. */
const ENTRY = new URL(
  import.meta.url.endsWith(".ts") ? "../index.ts" : "../index.js",
  import.meta.url,
).href;

/**
 * Runs `task`, which imports a configuration, under two rules. `import … from "siterag"` works in
 * every file, installed beside it or not: siterag may have been started by `npx` or from a global
 * folder. And a `.ts` file is an ES module also where its package does not say so; Node would find
 * that out as well, but with a warning on every start.
 */
export async function withOwnPackage<Result>(task: () => Promise<Result>): Promise<Result> {
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        const found = nextResolve(specifier, context);
        const isUntold = found.format === undefined || found.format === null;
        return isUntold && found.url.endsWith(".ts")
          ? { ...found, format: "module-typescript" }
          : found;
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
