/** A `fetch` that fails where it is sent elsewhere: the key would go along to another host. */
export const faithfulFetch =
  (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
  (input, init) =>
    fetch(input, { ...init, redirect: "error" });
