type Later = typeof import("./later.ts");

let loaded: Promise<Later> | null = null;
let failures = 0;

/**
 * The second script, loaded when it is first needed, and again after a failure. Browsers of before 2026 remember by its
 * address that a module did not come (whatwg/html#10327), so each further attempt adds another query.
 */
export function loadLater(): Promise<Later> {
  loaded ??= failures === 0 ? import("./later.ts") : importAgain(failures);
  loaded.catch(() => {
    loaded = null;
    failures += 1;
  });
  return loaded;
}

/** The name is that of the bundled file, which the bundler replaces. */
const importAgain = (attempt: number): Promise<Later> => import(`./later.js?${attempt}`);
