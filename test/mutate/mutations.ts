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

export const MUTATIONS: readonly Mutation[] = [
  {
    name: "pages are recorded after the index is published",
    file: "src/indexing/publish-changes.ts",
    find: "await store.pages.write(changes.records, changes.vanishedPages);",
    // Disposed of when the function ends.
    replace:
      "await using _late = { [Symbol.asyncDispose]: () => store.pages.write(changes.records, changes.vanishedPages) };",
    tests: ["test/indexing/order-of-writes.test.ts"],
  },
  {
    name: "jobs that leave texts to calls share no bound of uncommitted answers",
    file: "src/sending/run-calls.ts",
    find: "this.#slots.run(() => this.#sendPack(items, after))",
    replace: "this.#sendPack(items, after)",
    tests: ["test/embedding/uncommitted-answers.test.ts"],
  },
  {
    name: "a failed renewal of the writer's lock is ignored",
    file: "src/store/held-lock.ts",
    find: "if (this.#isOld) this.#lost.abort(expired(this.#ageMs, cause));",
    replace: "this.#renewedAt = startedAt; void cause;",
    tests: ["test/store/lost-lock.test.ts"],
  },
  {
    name: "the budget of a failed job is not given back",
    file: "src/sending/run-jobs.ts",
    find: `if (outcome.kind === "ended" && job.isCreated) this.#takeBack(job.items, job.held);`,
    replace: "",
    tests: ["test/sending/run-jobs.test.ts", "test/sending/fault-kept-budget.test.ts"],
  },
  {
    name: "rows of an adopted job are not committed",
    file: "src/sending/run-jobs.ts",
    find: "      await this.#settleServed(settled);",
    replace: "      if (job.isCreated) await this.#settleServed(settled);",
    tests: ["test/sending/run-jobs.test.ts"],
  },
  {
    name: "--batch-from-file touches a page that is not listed",
    file: "src/indexing/collect-changes.ts",
    find: "const isLeft = (page: string): boolean => this.#with.only?.has(page) === false;",
    replace: "const isLeft = (_page: string): boolean => false;",
    tests: ["test/indexing/choose-pages.test.ts"],
  },
  {
    name: "an answer is used before it is in the cache",
    file: "src/indexing/stage.ts",
    find: "  await cacheOf(space).commit(entries);",
    replace: "  void cacheOf(space).commit(entries);",
    tests: ["test/indexing/fill-sentences.test.ts", "test/indexing/index-site.test.ts"],
  },
  {
    name: "an error that no repetition can cure is retried",
    file: "src/sending/retry.ts",
    find: `if (!(cause instanceof CallFailure) || cause.next !== "retry") throw cause;`,
    replace: "if (!(cause instanceof CallFailure)) throw cause;",
    tests: ["test/sending/retry.test.ts"],
  },
  {
    name: "a query goes as a job",
    file: "src/embedding/base-client.ts",
    find: "forceIndividual: isInteractive }",
    replace: "forceIndividual: false }",
    tests: ["test/searching/answers.test.ts"],
    only: "batch",
  },
  {
    name: "a single text goes as a job",
    file: "src/planning/choose-roads.ts",
    find: "const shared = batch === null ? later : inSharedJobs(later, batch.limits);",
    replace: "const shared = later; void batch; void inSharedJobs;",
    tests: ["test/planning/choose-strategy.test.ts", "test/planning/plan-goldens.test.ts"],
  },
  {
    name: "an event does not tell its retries",
    file: "src/sending/attempt.ts",
    find: `tell({ type: "success", texts: pack.inputs.length, latencyMs, retries });`,
    replace: `tell({ type: "success", texts: pack.inputs.length, latencyMs, retries: 0 });`,
    tests: ["test/sending/call-events.test.ts"],
  },
  {
    name: "a sentence is in no metric",
    file: "src/indexing/run-tallies.ts",
    find: `    this.onVectorEvent(event);
    this.#writing.add(event);`,
    replace: `    this.#onEvent(event);
    this.#writing.add(event);`,
    tests: ["test/sending/fault-unseen-sentences.test.ts", "test/indexing/fill-sentences.test.ts"],
  },
];
