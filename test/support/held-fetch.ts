import type { VirtualClock } from "../../src/words/virtual-clock.ts";

/** Names the hold of a request to a server of the same process, which takes it off again. */
export const HOLD_HEADER = "x-test-hold";

/** What keeps virtual time from jumping while one request is on the wire. */
export interface WireHold {
  /**
   * Lets time go on for as long as `sleep` takes: the server does nothing but wait meanwhile. What it
   * has sent of a body by then, in bytes, has to reach the client first.
   */
  during(sleep: () => Promise<void>, sentBytes?: number): Promise<void>;
}

const holds = new Map<string, Hold>();
let numbered = 0;

class Hold implements WireHold {
  readonly name: string;
  readonly #clock: VirtualClock;
  readonly #readers = new Set<() => void>();
  #bytesRead = 0;
  #isPaused = false;
  #isOver = false;

  constructor(clock: VirtualClock) {
    numbered += 1;
    this.name = String(numbered);
    this.#clock = clock;
    clock.hold();
    holds.set(this.name, this);
  }

  async during(sleep: () => Promise<void>, sentBytes = 0): Promise<void> {
    while (this.#bytesRead < sentBytes && !this.#isOver) {
      await new Promise<void>((resolve) => this.#readers.add(resolve));
    }
    this.#pause();
    try {
      await sleep();
    } finally {
      this.#resume();
    }
  }

  /** The client has read so many bytes of the body. */
  read(bytes: number): void {
    this.#bytesRead += bytes;
    this.#readers.forEach((resolve) => resolve());
    this.#readers.clear();
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.read(0);
    holds.delete(this.name);
    if (!this.#isPaused) this.#clock.release();
  }

  #pause(): void {
    if (this.#isOver) return;
    this.#isPaused = true;
    this.#clock.release();
  }

  #resume(): void {
    // The client may have gone away meanwhile.
    if (this.#isOver) return;
    this.#isPaused = false;
    this.#clock.hold();
  }
}

/** The hold of a request with this header; without one, time is not held. */
export const wireHold = (header: unknown): WireHold =>
  (typeof header === "string" ? holds.get(header) : undefined) ?? {
    during: (sleep) => sleep(),
  };

/**
 * `fetch` that holds virtual time from the call until the body of the answer has been read to its
 * end, has failed, was cancelled or aborted, so that no timer of the client fires while bytes travel. Read
 * or cancel every body.
 */
export function heldFetch(clock: VirtualClock): typeof fetch {
  return async (input, init) => {
    const hold = new Hold(clock);
    const request = new Request(input, init);
    request.headers.set(HOLD_HEADER, hold.name);
    // Whoever aborts between two reads reads no more.
    request.signal.addEventListener("abort", () => hold.end(), { once: true });
    try {
      return watched(await fetch(request), hold);
    } catch (error) {
      hold.end();
      throw error;
    }
  };
}

/** The same answer, which tells when its body is over. */
function watched(response: Response, hold: Hold): Response {
  const { body, headers, status, statusText } = response;
  if (body === null) hold.end();
  return new Response(body === null ? null : watchedBody(body, hold), {
    headers,
    status,
    statusText,
  });
}

function watchedBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  hold: Hold,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) {
            hold.read(value.byteLength);
            return controller.enqueue(value);
          }
          controller.close();
          hold.end();
        } catch (error) {
          controller.error(error);
          hold.end();
        }
      },
      async cancel(reason) {
        hold.end();
        await reader.cancel(reason);
      },
    },
    // Nothing is read ahead: the end is when the client has seen it.
    { highWaterMark: 0 },
  );
}
