import type { GeminiAccess } from "./gemini-api.ts";
import { answeredFailure } from "./gemini-failure.ts";

export interface RestRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below the base URL, or a whole URL. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/**
 * Sends one request and reads the whole answer, where the SDK falls short: it drops fields, leaves answers
 * unread, cannot abort uploads, and ends the process when a download breaks off. Throws CallFailure unless
 * the answer is 2xx.
 */
export async function sendRest(
  access: GeminiAccess,
  { path, headers, ...request }: RestRequest,
): Promise<{ readonly headers: Headers; readonly text: string }> {
  const { apiKey, baseUrl, fetch } = access;
  const response = await fetch(addressOf(path, baseUrl), {
    ...request,
    headers: { "Content-Type": "application/json", ...headers, "x-goog-api-key": apiKey },
  });
  const text = await response.text();
  if (!response.ok) throw answeredFailure(response.status, text, access);
  return { headers: response.headers, text };
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
