import { loadLater } from "./load-later.ts";
import { anchorOf, pagePath } from "./page-address.ts";

/** Where a reader goes from a result, and what was asked: the page opened marks the words. */
interface Arrival {
  readonly url: string;
  readonly query: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** In the local storage: a new tab has another session. */
const KEY = "siterag-arrival";
const LIFE_MS = 30_000;
const LOOK_MS = 100;

let nextLook = 0;
/** The last one where storage is forbidden: for a page that changes into the next. */
let unstored: Arrival | null = null;

/** Remembers where a reader goes now, for the page that opens there: in this tab, a new one, or this page. */
export function announceArrival(url: string, query: string): void {
  const arrival: Arrival = { url, query, time: Date.now() };
  unstored = null;
  try {
    localStorage.setItem(KEY, JSON.stringify(arrival));
  } catch {
    // A reader may forbid storage: then the words stay unmarked on a page that is loaded.
    unstored = arrival;
  }
  showArrival();
}

/** Marks the words on the page that a result led to; waits for it where this page changes into it. */
export function showArrival(): void {
  const arrival = unstored ?? readArrival();
  if (arrival === null || Date.now() - arrival.time > LIFE_MS) return;
  if (!isHere(arrival.url)) {
    clearTimeout(nextLook);
    nextLook = window.setTimeout(showArrival, LOOK_MS);
    return;
  }
  if (unstored === null) localStorage.removeItem(KEY);
  unstored = null;
  loadLater().then(
    ({ markWords }) => markWords(arrival.query, anchorOf(new URL(arrival.url))),
    // The words stay unmarked where the script does not come.
    () => undefined,
  );
}

/** Whether this page is the one of an address, and has its heading already. */
function isHere(url: string): boolean {
  const [here, there] = [new URL(location.href), new URL(url)];
  const id = anchorOf(there);
  const isPage = pagePath(here) === pagePath(there) && anchorOf(here) === id;
  return isPage && (id === "" || document.getElementById(id) !== null);
}

function readArrival(): Arrival | null {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return isArrival(read) ? read : null;
  } catch {
    return null;
  }
}

const isArrival = (value: unknown): value is Arrival =>
  typeof value === "object" &&
  value !== null &&
  "url" in value &&
  typeof value.url === "string" &&
  "query" in value &&
  typeof value.query === "string" &&
  "time" in value &&
  typeof value.time === "number";
