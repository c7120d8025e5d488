import { jsonAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";

/** HTTP status by the canonical status of an error: https://ai.google.dev/gemini-api/docs/troubleshooting */
const CODES = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const;

/** One entry of `error.details`: an `Any` in JSON. */
export interface ErrorDetail {
  readonly "@type": string;
  readonly [field: string]: unknown;
}

/** An error that the API answers instead of doing the work. */
export class Refusal extends Error {
  readonly status: keyof typeof CODES;
  readonly details: readonly ErrorDetail[];

  constructor(status: keyof typeof CODES, message: string, details: readonly ErrorDetail[] = []) {
    super(message);
    this.status = status;
    this.details = details;
  }

  /** `{"error":{"code","message","status","details"}}`; an empty `details` is left out. */
  get answer(): Answer {
    const { details, message, status } = this;
    const code = CODES[status];
    const shown = details.length === 0 ? {} : { details };
    return jsonAnswer({ error: { code, message, status, ...shown } }, code);
  }
}
