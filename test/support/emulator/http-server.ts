import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { HOLD_HEADER, wireHold } from "../held-fetch.ts";
import type { WireHold } from "../held-fetch.ts";
import type { Answer } from "./answer.ts";

/** A request as it arrived. */
export interface Incoming {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** Stops virtual time until the client has the answer. */
  readonly hold: WireHold;
  /** Resolves when the client or the emulator ends the connection. */
  readonly gone: Promise<void>;
}

export interface RunningServer {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  /** Ends every connection, even those that wait for an answer. */
  readonly close: () => Promise<void>;
}

async function read(request: IncomingMessage, response: ServerResponse): Promise<Incoming> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://host");
  const { [HOLD_HEADER]: holdName, ...headers } = request.headers;
  return {
    method: request.method ?? "GET",
    path: decodeURIComponent(pathname),
    query: searchParams,
    headers,
    bytes: await buffer(request),
    hold: wireHold(holdName),
    gone: new Promise((resolve) => response.once("close", resolve)),
  };
}

async function send(
  answer: Answer,
  { gone, hold }: Incoming,
  response: ServerResponse,
): Promise<void> {
  const { socket } = response;
  switch (answer.kind) {
    case "silence":
      return hold.during(() => gone);
    case "reset":
      socket?.resetAndDestroy();
      return;
    case "cut": {
      const length = Buffer.byteLength(answer.body);
      response.writeHead(answer.status, { ...answer.headers, "content-length": length });
      const half = Buffer.from(answer.body).subarray(0, Math.floor(length / 2));
      response.write(half, () => socket?.destroy());
      return;
    }
    case "stream":
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const event of answer.events) {
        await new Promise((resolve) => response.write(event, resolve));
      }
      if (answer.end === "hang") {
        return hold.during(() => gone, Buffer.byteLength(answer.events.join("")));
      }
      if (answer.end === "cut") socket?.destroy();
      else response.end();
      return;
    default:
      response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}

/** The server's origin as the client addresses it. */
export const originOf = ({ headers }: Incoming): string => `http://${headers.host}`;

/** Answers requests to a local port with `handle`; for port 0 the system chooses a free one. */
export async function startServer(
  port: number,
  handle: (incoming: Incoming) => Promise<Answer>,
): Promise<RunningServer> {
  const server = createServer((request, response) => {
    read(request, response)
      .then(async (incoming) => send(await handle(incoming), incoming, response))
      // The client closed the connection, or the emulator has a bug; no answer is possible.
      .catch(() => response.destroy());
  });
  // If the server closed idle connections, that could race with the client's next request.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
