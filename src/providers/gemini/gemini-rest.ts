import type { GeminiAccess } from "./gemini-api.ts";
import { answeredFailure } from "./gemini-failure.ts";

export interface RestRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below the base URL, or a whole URL. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Pieces;
  readonly signal: AbortSignal;
}

/** A body that is made while it is sent. */
export interface Pieces {
  /** Of all pieces. */
  readonly bytes: number;
  /** Called once for each sending. */
  readonly pieces: () => Iterable<Uint8Array>;
}

/** Sends one request and reads the whole answer. Throws CallFailure unless the answer is 2xx. */
export async function sendRest(
  access: GeminiAccess,
  request: RestRequest,
): Promise<{ readonly headers: Headers; readonly text: string }> {
  const response = await answerTo(access, request);
  return { headers: response.headers, text: await response.text() };
}

/** The same for an answer that is too large for one string: its lines, one after the other. */
export async function* linesOfRest(
  access: GeminiAccess,
  request: RestRequest,
): AsyncGenerator<string, void, undefined> {
  const { body } = await answerTo(access, request);
  const utf8 = new TextDecoder();
  let rest = "";
  for await (const bytes of body ?? []) {
    const lines = (rest + utf8.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield rest + utf8.decode();
}

/**
 * Sends one request, where the SDK falls short: it drops fields, leaves answers
 * unread, cannot abort uploads, and ends the process when a download breaks off.
 */
async function answerTo(
  access: GeminiAccess,
  { path, headers, body, method, signal }: RestRequest,
): Promise<Response> {
  const { apiKey, baseUrl, fetch } = access;
  const response = await fetch(addressOf(path, baseUrl), {
    method,
    signal,
    ...bodyOf(body),
    headers: {
      "Content-Type": "application/json",
      ...(typeof body === "object" ? { "Content-Length": String(body.bytes) } : {}),
      ...headers,
      "x-goog-api-key": apiKey,
    },
  });
  if (!response.ok) throw answeredFailure(response.status, await response.text(), access);
  return response;
}

/** A stream has no length of its own, so that `Content-Length` must be set. */
function bodyOf(body: RestRequest["body"]): Pick<RequestInit, "body" | "duplex"> {
  if (typeof body !== "object") return body === undefined ? {} : { body };
  return { body: ReadableStream.from(body.pieces()), duplex: "half" };
}

/** Takes only path and query from an address that the service names: the key goes to no other host. */
function addressOf(path: string, baseUrl: string): URL {
  const base = new URL(`${baseUrl.replace(/\/$/u, "")}/`);
  const address = new URL(path, base);
  address.protocol = base.protocol;
  address.hostname = base.hostname;
  address.port = base.port;
  // A service behind a gateway does not know the base URL's path.
  if (!address.pathname.startsWith(base.pathname)) {
    address.pathname = `${base.pathname}${address.pathname.slice(1)}`;
  }
  return address;
}
