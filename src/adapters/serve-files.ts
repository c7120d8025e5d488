import type { IncomingMessage, ServerResponse } from "node:http";
import { extname } from "node:path";
import { basePath } from "./base-path.ts";
import type { DevSite } from "./site-dev.ts";

/** Middleware of a dev server. */
export type Handler = (
  request: Pick<IncomingMessage, "method" | "url"> & { readonly originalUrl?: string },
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** `/docs/siterag/` for `docs`, `/docs` and `/docs/`. */
export const folderBelow = (base?: string): string => `${basePath(base)}siterag/`;

/** The content types of the files, by the ends of their names. */
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
};

/** Answers for the files of a folder; leaves all else to the next handler. */
export function filesOf(dev: Pick<DevSite, "file">, folder: string): Handler {
  async function answer(...[request, response, next]: Parameters<Handler>): Promise<void> {
    // Astro takes its base off `url` before any plugin is asked.
    const { method = "GET", url = "", originalUrl = url } = request;
    const path = originalUrl.replace(/[?#].*$/su, "");
    const isOurs = path.startsWith(folder) && (method === "GET" || method === "HEAD");
    const name = path.slice(folder.length);
    const bytes = isOurs ? await dev.file(name) : null;
    if (bytes === null) return next();
    response.writeHead(200, {
      "Content-Type": TYPES[extname(name)] ?? "application/octet-stream",
      "Content-Length": bytes.length,
      // Even of a file that is named by its hash: what an author deletes must not stay in a browser.
      "Cache-Control": "no-cache",
    });
    response.end(method === "HEAD" ? undefined : bytes);
  }
  return (request, response, next) => {
    answer(request, response, next).catch(next);
  };
}
