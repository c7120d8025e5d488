import type { VirtualClock } from "../../src/testing/virtual-clock.ts";

/** Names the hold of a request to a server of the same process, which takes it off again. */
export const HOLD_HEADER = "x-test-hold";

/** What keeps virtual time from jumping while one request is on the wire. */
export interface WireHold {
  /** Lets time go on for as long as `sleep` takes: the server does nothing but wait meanwhile. */
  during(sleep: () => Promise<void>): Promise<void>;
}

const holds = new Map<string, Hold>();
let numbered = 0;

class Hold implements WireHold {
  readonly name: string;
  readonly #clock: VirtualClock;
  #isPaused = false;
  #isOver = false;

  constructor(clock: VirtualClock) {
    numbered += 1;
    this.name = String(numbered);
    this.#clock = clock;
    clock.hold();
    holds.set(this.name, this);
  }

  async during(sleep: () => Promise<void>): Promise<void> {
    this.#pause();
    try {
      await sleep();
    } finally {
      this.#resume();
    }
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
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
 * end, has failed or was cancelled, so that no timer of the client fires while bytes travel. Read
 * or cancel every body.
 */
export function heldFetch(clock: VirtualClock): typeof fetch {
  return async (input, init) => {
    const hold = new Hold(clock);
    const request = new Request(input, init);
    request.headers.set(HOLD_HEADER, hold.name);
    try {
      return watched(await fetch(request), () => hold.end());
    } catch (error) {
      hold.end();
      throw error;
    }
  };
}

/** The same answer, which tells when its body is over. */
function watched(response: Response, onEnd: () => void): Response {
  const { body, headers, status, statusText } = response;
  if (body === null) onEnd();
  return new Response(body === null ? null : watchedBody(body, onEnd), {
    headers,
    status,
    statusText,
  });
}

function watchedBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onEnd: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          controller.close();
          onEnd();
        } catch (error) {
          controller.error(error);
          onEnd();
        }
      },
      async cancel(reason) {
        onEnd();
        await reader.cancel(reason);
      },
    },
    // Nothing is read ahead: the end is when the client has seen it.
    { highWaterMark: 0 },
  );
}
