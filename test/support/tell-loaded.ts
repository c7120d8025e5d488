/** A module to import first: when the process ends, it writes the files that Node has loaded to stderr. */
export const TELL_LOADED = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const urls = [];
  registerHooks({
    load(url, context, next) {
      urls.push(url);
      return next(url, context);
    },
  });
  process.on("exit", () => console.error("loaded " + urls.join(" ")));
`)}`;

/** The addresses that it has written. */
export function loadedIn(stderr: string): readonly string[] {
  const [, urls = ""] = /^loaded (.*)$/mu.exec(stderr) ?? [];
  return urls.split(" ").filter((url) => url.startsWith("file:"));
}

/** The packages that files are of, each once. */
export const packagesOf = (urls: readonly string[]): readonly string[] => [
  ...new Set(urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(url)?.[1] ?? [])),
];
