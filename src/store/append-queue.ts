/** Rows to append, and the promise that their caller awaits. */
interface Waiting<Row> {
  readonly rows: readonly Row[];
  readonly safe: PromiseWithResolvers<void>;
}

/**
 * Appends to a table, one commit after another. Rows added during a commit are committed together in
 * the next one: a commit takes as long for one row as for a hundred.
 */
export class AppendQueue<Row> {
  readonly #append: (rows: readonly Row[]) => Promise<void>;
  readonly #waiting: Waiting<Row>[] = [];
  #isUnderWay = false;

  constructor(append: (rows: readonly Row[]) => Promise<void>) {
    this.#append = append;
  }

  /** Resolves when the rows are committed; rejects when their commit fails. */
  add(rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return Promise.resolve();
    const safe = Promise.withResolvers<void>();
    this.#waiting.push({ rows, safe });
    void this.#work();
    return safe.promise;
  }

  async #work(): Promise<void> {
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    // The first commit takes all rows that are added in this turn of the event loop.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0));
    this.#isUnderWay = false;
  }

  /** If a commit of several callers fails, each caller gets its own: bad rows must not fail the others. */
  async #commit(together: readonly Waiting<Row>[]): Promise<void> {
    try {
      await this.#append(together.flatMap(({ rows }) => rows));
      for (const { safe } of together) safe.resolve();
    } catch (cause) {
      const [only] = together;
      if (together.length === 1) only?.safe.reject(cause);
      else for (const one of together) await this.#commit([one]);
    }
  }
}
