/** Pages for Pagefind, and the files that its script asks for, as both benches of searches need them. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The HTML of a page with these sections. */
export function pageHtml(sections) {
  const body = sections.map(({ heading, text, trail }, at) => {
    const level = Math.min(trail.length + 1, 6);
    const head = heading === null ? "" : `<h${level} id="s${at}">${escape(heading)}</h${level}>`;
    return `${head}<p>${escape(text)}</p>`;
  });
  const title = escape(sections[0].title);
  const top = body[0].startsWith("<h1") ? "" : `<h1>${title}</h1>`;
  return `<html lang="en"><head><title>${title}</title></head><body>${top}${body.join("")}</body></html>`;
}

/** Lets Pagefind's script, which fetches its files, read them from the disk; `onRead` gets their bytes. */
export function fetchFromDisk(onRead = () => {}) {
  globalThis.fetch = async (url) => {
    const address = url instanceof Request ? url.url : url.toString();
    const file = address.startsWith("file:") ? fileURLToPath(address) : address;
    const bytes = await readFile(file.replace(/\?.*$/u, ""));
    onRead(bytes);
    return new Response(bytes);
  };
}
