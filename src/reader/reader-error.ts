/**
 * What can be wrong with a readers' index: `missing`: there is no index at the place; `newer`: its format is
 * newer than this reader; `incomplete`: a file of it is gone; `damaged`: a file is cut or changed;
 * `unreachable`: the place gives no answer, or refuses.
 */
export type ReaderErrorCode = "missing" | "newer" | "incomplete" | "damaged" | "unreachable";

/** The error of a reader: its message says what failed, with which file, and what to do next. */
export class ReaderError extends Error {
  readonly code: ReaderErrorCode;

  constructor(code: ReaderErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ReaderError";
    this.code = code;
  }
}

/** Whether an error may come from a build that replaced files after the manifest was read. */
export const isOutdated = (error: unknown): boolean =>
  error instanceof ReaderError && (error.code === "incomplete" || error.code === "damaged");
