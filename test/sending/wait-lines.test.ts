import { expect, test } from "vitest";
import { waitLines } from "../../src/sending/wait-lines.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";

const NOON = Date.parse("2030-01-01T12:00:00");

const retry = (delayMs: number) =>
  ({ type: "retry", attempt: 1, delayMs, code: "UNAVAILABLE" }) as const;
const limit = (waitMs: number) =>
  ({ type: "waiting", what: "rate_limit", untilMs: NOON + waitMs }) as const;
const unknown = { type: "waiting", what: "rate_limit", untilMs: null } as const;
const room = (waitMs: number) =>
  ({ type: "waiting", what: "job_room", untilMs: NOON + waitMs }) as const;

test.each([
  {
    what: "a backoff",
    events: [retry(4000)],
    lines: ["Waiting until 12:00:04 to repeat a call that failed: UNAVAILABLE."],
  },
  {
    what: "a limit",
    events: [limit(60_000)],
    lines: ["Waiting until 12:01:00 because the requests or tokens of this minute are used up."],
  },
  {
    what: "a job's name",
    events: [{ type: "waiting", what: "job_name", untilMs: NOON + 45_000 } as const],
    lines: ["Waiting until 12:00:45 for another run, which may be creating a batch job."],
  },
  {
    what: "a limit of which nobody knows the end, once a minute",
    events: [unknown, unknown, limit(60_000)],
    lines: [
      "Waiting because the requests or tokens of this minute are used up; nobody knows until when.",
      expect.stringContaining("12:01:00"),
    ],
  },
  {
    what: "the account's room for jobs, once, and what waits beside it",
    events: [room(600_000), room(600_000), retry(4000)],
    lines: [
      "Waiting until 12:10:00 at the latest for room in the account's queue of batch jobs.",
      expect.stringContaining("12:00:04"),
    ],
  },
  { what: "nothing for a short wait", events: [retry(2000), limit(1000)], lines: [] },
  {
    what: "of several waits the longer ones",
    events: [retry(4000), limit(3000), retry(5000)],
    lines: [expect.stringContaining("12:00:04"), expect.stringContaining("12:00:05")],
  },
])("tells $what", ({ events, lines }) => {
  const told: string[] = [];
  const tell = waitLines((line) => told.push(line), createVirtualClock(NOON));
  events.forEach(tell);
  expect(told).toEqual(lines);
});
