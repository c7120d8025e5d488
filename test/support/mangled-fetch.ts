/** How one kind of request is answered wrongly. */
export interface Mangling {
  readonly route: keyof typeof ROUTES;
  readonly how: keyof typeof MANGLERS;
  /** How many such requests are answered rightly before. */
  readonly after: number;
  /** How many are answered wrongly. */
  readonly times: number;
  /** Which part of the body is changed. */
  readonly part: number;
}

/** The requests of embedding, by method and address. */
const ROUTES = {
  embed: /^POST .*:(?:batchEmbedContents|embedContent)$/u,
  upload: /^POST .*\/upload\//u,
  create: /^POST .*:asyncBatchEmbedContent$/u,
  list: /^GET .*\/batches(?:\?|$)/u,
  look: /^GET .*\/batches\/[^/?]+$/u,
  download: /^GET .*:download/u,
} as const;

const refusal = (code: number, status: string): Response => {
  const message = "You do not have permission to access the File or it may not exist.";
  return Response.json({ error: { code, status, message } }, { status: code });
};

/** Every way to answer wrongly; none of them is a right answer of another kind. */
export const MANGLERS = {
  truncated: (body: string, part: number) => body.slice(0, (body.length * (part % 100)) / 100),
  empty: () => "",
  null: () => "null",
  list: () => "[]",
  nothing: () => "{}",
  html: () => "<html>Sign in to the hotel's network</html>",
  "without a part": (body: string, part: number) => changed(body, part, remove),
  "null in a part": (body: string, part: number) => changed(body, part, put(null)),
  "an object in a part": (body: string, part: number) => changed(body, part, put({})),
  "a list in a part": (body: string, part: number) => changed(body, part, put([])),
  forbidden: () => refusal(403, "PERMISSION_DENIED"),
  unknown: () => refusal(404, "NOT_FOUND"),
  "the same page for ever": (body: string) => paged(body, "again"),
  "two pages in a circle": (body: string, part: number) => paged(body, `page ${part % 2}`),
  "a new page for ever": (body: string, part: number) => paged(body, `page ${part}`),
} as const;

/** A `fetch` that answers some requests wrongly. They reach the server, and are paid for. */
export function mangledFetch(send: typeof fetch, manglings: readonly Mangling[]): typeof fetch {
  const met = manglings.map(() => 0);
  return async (input, init) => {
    const request = new Request(input, init);
    const what = `${request.method} ${request.url}`;
    const response = await send(request);
    for (const [index, { after, how, part, route, times }] of manglings.entries()) {
      if (!ROUTES[route].test(what)) continue;
      const count = (met[index] = (met[index] ?? 0) + 1);
      if (count <= after || count > after + times) continue;
      const wrong = MANGLERS[how](await response.text(), part + count);
      return typeof wrong === "string" ? new Response(wrong, response) : wrong;
    }
    return response;
  };
}

/** Changes one part of a body, a line of which is JSON; what is no JSON stays as it is. */
function changed(body: string, part: number, change: Change): string {
  const lines = body.includes("\n{") ? body.split("\n") : [body];
  const at = part % lines.length;
  return lines
    .map((line, index) => (index === at ? changedJson(line, part, change) : line))
    .join("\n");
}

type Change = (parent: object, key: string) => void;

const remove: Change = (parent, key) => {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else Reflect.deleteProperty(parent, key);
};

const put =
  (value: unknown): Change =>
  (parent, key) =>
    void Reflect.set(parent, key, value);

function changedJson(text: string, part: number, change: Change): string {
  try {
    const value: unknown = JSON.parse(text);
    const places = placesOf(value);
    const place = places[part % places.length];
    if (place !== undefined) change(...place);
    return JSON.stringify(value);
  } catch {
    return text;
  }
}

/** Every key and position of a value, of all its parts; of a list the first positions. */
function placesOf(value: unknown): (readonly [parent: object, key: string])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .slice(0, 3)
    .flatMap(([key, inner]) => [[value, key] as const, ...placesOf(inner)]);
}

function paged(body: string, nextPageToken: string): string {
  try {
    return JSON.stringify({ ...JSON.parse(body), nextPageToken });
  } catch {
    return body;
  }
}
