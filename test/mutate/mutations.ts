/** One way to break the code, and the tests that have to notice it. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly tests: readonly string[];
  /** Pattern of the names of the tests to run. Default: all tests of the files. */
  readonly only?: string;
}

export const MUTATIONS: readonly Mutation[] = [];
