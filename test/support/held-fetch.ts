import type { VirtualClock } from "../../src/words/virtual-clock.ts";

/** Carries the id of a request's hold to a server in the same process, which can pause the hold. */
export const HOLD_HEADER = "x-test-hold";

/** A hold on virtual time while one request is on the wire. */
export interface WireHold {
  /**
   * Lets time pass during `sleep`, while the server only waits. The bytes of the body that it has
   * sent so far must reach the client first.
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

  /** Records how many bytes of the body the client has read. */
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
    // The client may have aborted during the sleep.
    if (this.#isOver) return;
    this.#isPaused = false;
    this.#clock.hold();
  }
}

/** The hold named in a request's header; without the header, a hold that does nothing. */
export const wireHold = (header: unknown): WireHold =>
  (typeof header === "string" ? holds.get(header) : undefined) ?? {
    during: (sleep) => sleep(),
  };

/**
 * A `fetch` that holds virtual time from the call until the body of the answer is read to its end,
 * fails, or is cancelled or aborted. So no timer of the client fires while bytes travel. Read or
 * cancel every body.
 */
export function heldFetch(clock: VirtualClock): typeof fetch {
  return async (input, init) => {
    const hold = new Hold(clock);
    const request = new Request(input, init);
    request.headers.set(HOLD_HEADER, hold.name);
    // A client that aborts between two reads does not read again.
    request.signal.addEventListener("abort", () => hold.end(), { once: true });
    try {
      return watched(await fetch(request), hold);
    } catch (error) {
      hold.end();
      throw error;
    }
  };
}

/** The same answer, with a callback for the end of its body. */
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
    // Without read-ahead, the end is reported only when the client sees it.
    { highWaterMark: 0 },
  );
}
