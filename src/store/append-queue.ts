/** Rows on their way into a table, and whoever waits for them to be safe. */
interface Waiting<Row> {
  readonly rows: readonly Row[];
  readonly safe: PromiseWithResolvers<void>;
}

/**
 * Appends to a table, one commit after another. What comes while one is under way goes into the next
 * one together: a commit takes as long for one row as for a hundred.
 */
export class AppendQueue<Row> {
  readonly #append: (rows: readonly Row[]) => Promise<void>;
  readonly #waiting: Waiting<Row>[] = [];
  #isUnderWay = false;

  constructor(append: (rows: readonly Row[]) => Promise<void>) {
    this.#append = append;
  }

  /** Resolves when the rows are safe; rejects when their commit has failed. */
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
    // Whatever is added in this very turn comes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0));
    this.#isUnderWay = false;
  }

  /** Rows that cannot be written must not take others with them: those are tried by themselves. */
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
