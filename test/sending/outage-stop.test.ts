import { expect, test } from "vitest";
import { TooLate } from "../../src/sending/unfinished.ts";
import { OutageStop } from "../../src/sending/outage-stop.ts";
import { SiteragError } from "../../src/words/errors.ts";
import type { ErrorCode } from "../../src/words/errors.ts";

const failed = (code: ErrorCode): SiteragError => new SiteragError(code, `It says ${code}.`);
const down = failed("UNAVAILABLE");

/** Whether anything is sent after calls of one text each. */
const after = (...errors: readonly (Error | null)[]): OutageStop => {
  const stop = new OutageStop();
  errors.forEach((error) => stop.note([error]));
  return stop;
};

test.each(["UNAVAILABLE", "TIMEOUT", "RATE_LIMITED"] as const)(
  "five calls in a row that end in %s end the sending, and the rest waits",
  (code) => {
    const error = failed(code);
    expect(after(error, error, error, error).unsent).toBeNull();
    const reason = `Not sent, because 5 calls in a row failed: It says ${code}. Run \`siterag index\` again later.`;
    expect(after(down, down, down, down, error).unsent).toMatchObject({
      status: "pending",
      job: null,
      reason,
      error: { code, message: reason, cause: error },
    });
  },
);

test.each([
  ["an answer", null],
  ["a text's own failure", failed("INVALID_REQUEST")],
  ["a wrong answer", failed("ANSWER_MALFORMED")],
  ["a failure of no kind", new Error("x")],
])("%s between them is a sign that the service is there", (_, between) => {
  expect(after(down, down, down, down, between, down).unsent).toBeNull();
});

test.each([
  ["a deadline of the caller's", new TooLate()],
  ["an interrupt", failed("INTERRUPTED")],
  ["the budget", failed("BUDGET_REACHED")],
  ["a full queue", failed("POOL_EXHAUSTED")],
])("%s is no sign at all", (_, between) => {
  expect(after(down, down, down, down, between).unsent).toBeNull();
  expect(after(down, down, down, down, between, down).unsent).not.toBeNull();
  expect(after(between, between, between, between, between, between).unsent).toBeNull();
});

test("a call that answers some of its texts is a sign that the service is there", () => {
  const stop = after(down, down, down, down);
  stop.note([down, null]);
  stop.note([down]);
  expect(stop.unsent).toBeNull();
});

test.each([
  ["AUTHENTICATION_FAILED", "failed"],
  ["MODEL_UNAVAILABLE", "failed"],
  ["QUOTA_OF_DAY", "pending"],
] as const)("after %s nothing is sent, and the rest is %s", (code, status) => {
  const stop = new OutageStop();
  stop.note([null, failed(code)]);
  stop.note([null]);
  expect(stop.unsent).toMatchObject({ status, error: { code } });
});
