import { answeredFailure } from "./gemini-failure.ts";

/** Where requests go, and who pays. */
export interface RestOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
}

interface RestRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below the base URL, or a whole URL. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** What came back. */
export interface RestAnswer {
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Single requests, for what the SDK does not do well: its answers lack fields or stay unread, its
 * uploads cannot be aborted, its downloads end the process when the connection is cut.
 */
export class GeminiRest {
  readonly #options: RestOptions;

  constructor(options: RestOptions) {
    this.#options = options;
  }

  /** Sends a request and reads the answer to its end. Throws CallFailure unless it is 2xx. */
  async send({ path, headers, body, ...request }: RestRequest): Promise<RestAnswer> {
    const { apiKey, baseUrl, fetch } = this.#options;
    const response = await fetch(addressOf(path, baseUrl), {
      ...request,
      headers: { "Content-Type": "application/json", ...headers, "x-goog-api-key": apiKey },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    if (!response.ok) throw answeredFailure(response.status, text, apiKey);
    return { headers: response.headers, text };
  }

  /** Sends a request and reads the answer's JSON. Throws SyntaxError, too. */
  async sendJson(request: RestRequest): Promise<unknown> {
    const json: unknown = JSON.parse((await this.send(request)).text);
    return json;
  }
}

/** Of an address that the service names only the path and the query count: the key goes to no other host. */
function addressOf(path: string, baseUrl: string): URL {
  const base = new URL(`${baseUrl.replace(/\/$/u, "")}/`);
  const address = new URL(path, base);
  address.protocol = base.protocol;
  address.hostname = base.hostname;
  address.port = base.port;
  // Behind a gateway the service does not know the path of the base URL.
  if (!address.pathname.startsWith(base.pathname)) {
    address.pathname = `${base.pathname}${address.pathname.slice(1)}`;
  }
  return address;
}
