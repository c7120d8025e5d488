import { expect, test } from "vitest";
import { Turns } from "../../src/sending/turns.ts";

/** What resolves now resolves before this does. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a turn begins when the one before has ended, and may begin again at the end of the queue", async () => {
  const turns = new Turns();
  const [one, other] = [turns.next(), turns.next()];
  const log: string[] = [];
  const begin = (name: string, turn: typeof one): void =>
    void turn.begin().then(() => log.push(name));
  begin("one", one);
  begin("other", other);
  await settled();
  expect(log).toEqual(["one"]);
  one.end();
  begin("one again", one);
  await settled();
  expect(log).toEqual(["one", "other"]);
  other.end();
  await settled();
  expect(log).toEqual(["one", "other", "one again"]);
});

test("who gives up waiting holds nobody up", async () => {
  const turns = new Turns();
  const [one, other, last] = [turns.next(), turns.next(), turns.next()];
  const stop = new AbortController();
  await one.begin();
  const waiting = other.begin(stop.signal);
  const begun = last.begin();
  stop.abort(new Error("stop"));
  await expect(waiting).rejects.toThrow("stop");
  one.end();
  await begun;
});
