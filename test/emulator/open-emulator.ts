import { GoogleGenAI } from "@google/genai";
import { onTestFinished } from "vitest";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import type { VirtualClock } from "../../src/words/virtual-clock.ts";
import { startEmulator } from "../support/emulator/emulator.ts";
import type { Emulator, EmulatorOptions } from "../support/emulator/emulator.ts";
import { heldFetch } from "../support/held-fetch.ts";

/** An emulator on virtual time, closed when the test ends, and two clients for it. */
export interface OpenEmulator {
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  /** The real SDK. */
  readonly ai: GoogleGenAI;
  /** Sends a raw request with the key; a string body is sent unchanged. */
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Sent>;
}

/** An answer; `body` is parsed if it is JSON. */
interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Noon on a winter day in Los Angeles. */
const NOON: number = Date.parse("2026-12-01T12:00:00-08:00");

export async function openEmulator(
  options: Omit<EmulatorOptions, "clock"> = {},
): Promise<OpenEmulator> {
  const clock = createVirtualClock(NOON);
  const emulator = await startEmulator({ ...options, clock });
  onTestFinished(() => emulator.close());
  const { key, url } = emulator;
  const fetch = heldFetch(clock);
  return {
    emulator,
    clock,
    ai: new GoogleGenAI({
      apiKey: key,
      httpOptions: { baseUrl: url, apiVersion: "v1beta", fetch },
    }),
    send: async (method, path, body = null, headers = { "x-goog-api-key": key }) => {
      const sent = typeof body === "string" || body === null ? body : JSON.stringify(body);
      const response = await fetch(`${url}${path}`, { method, body: sent, headers });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: jsonOr(text) };
    },
  };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** One `Content` with one part; a text needs its own content to get its own vector. */
export const contentOf = (text: string) => ({ parts: [{ text }] });

export const lengthOf = (vector: readonly number[]): number => Math.hypot(...vector);

/** Cosine similarity of two vectors, which need not be unit vectors. */
export const cosine = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, number, at) => sum + number * (other[at] ?? 0), 0) /
  (lengthOf(one) * lengthOf(other));
