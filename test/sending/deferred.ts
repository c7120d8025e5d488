/** A promise that the test settles by hand. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (reason: Error) => void;
}

export const deferred = <Value = void>(): Deferred<Value> => Promise.withResolvers<Value>();

/** Resolves when everything that needs no further help from the test has happened. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
