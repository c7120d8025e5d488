import { expect, test } from "vitest";
import { Outage } from "../../src/embedding/outage.ts";
import { SiteragError } from "../../src/errors.ts";

const down = new SiteragError("UNAVAILABLE", "The service answered 503.");
const wrong = new SiteragError("INVALID_REQUEST", "The service answered 400.");

/** What is noted, call by call, and whether the service counts as out then. */
const after = (...errors: readonly (Error | null)[]): Outage => {
  const outage = new Outage();
  errors.forEach((error) => outage.note(error));
  return outage;
};

test("five calls in a row that the service is to blame for are an outage, which names the last", () => {
  expect(after(down, down, down, down).reason).toBeNull();
  expect(after(down, down, down, down, down).reason).toMatchObject({
    code: "UNAVAILABLE",
    message: "Not sent, after 5 calls in a row had failed: The service answered 503.",
    cause: down,
  });
});

test.each([
  ["an answer", null],
  ["a text's own failure", wrong],
  ["a failure of no kind", new Error("x")],
])("%s between them is none", (_, between) => {
  expect(after(down, down, down, down, between, down).reason).toBeNull();
});
