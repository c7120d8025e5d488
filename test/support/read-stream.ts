import type { StreamEnd } from "../../src/generation/client.ts";

export interface ReadAnswer {
  readonly pieces: readonly string[];
  /** Null if it threw `error`. */
  readonly end: StreamEnd | null;
  readonly error: unknown;
}

/** Reads the rest of a streamed answer. */
export async function readStream(
  stream: AsyncGenerator<string, StreamEnd, undefined>,
): Promise<ReadAnswer> {
  const pieces: string[] = [];
  try {
    let step = await stream.next();
    for (; step.done !== true; step = await stream.next()) pieces.push(step.value);
    return { pieces, end: step.value, error: null };
  } catch (error) {
    return { pieces, end: null, error };
  }
}
