import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { onTestFinished } from "vitest";

/** The one answer of a server. */
export interface FixedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A server that gives every request the same answer. */
export interface AnsweringServer {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  /** Headers of every request so far. */
  readonly requests: readonly IncomingHttpHeaders[];
}

/** Starts a server with one answer; it is closed when the test ends. */
export async function answeringServer({
  status,
  headers = { "content-type": "application/json" },
  body = "",
}: FixedAnswer): Promise<AnsweringServer> {
  const requests: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    requests.push(request.headers);
    request.resume().on("end", () => response.writeHead(status, headers).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return { url: `http://127.0.0.1:${address.port}`, requests };
}
