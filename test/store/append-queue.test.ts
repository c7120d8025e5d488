import { expect, test } from "vitest";
import { AppendQueue } from "../../src/store/append-queue.ts";
import { deferred, settled } from "../sending/deferred.ts";

/** A queue whose commits the test ends. */
function queueOf() {
  const commits: (readonly string[])[] = [];
  const ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  const queue = new AppendQueue<string>((rows) => {
    const end = deferred();
    commits.push(rows);
    ends.push(end);
    return end.promise;
  });
  return { queue, commits, ends };
}

test("rows added during a commit go into the next one together", async () => {
  const { queue, commits, ends } = queueOf();
  const safe: string[] = [];
  const add = (row: string) => queue.add([row]).then(() => safe.push(row));
  const first = [add("a"), add("b")];
  await settled();
  expect(commits).toEqual([["a", "b"]]);
  const later = [add("c"), add("d")];
  await settled();
  expect(commits).toHaveLength(1);
  expect(safe).toEqual([]);
  ends[0]?.resolve();
  await Promise.all(first);
  await settled();
  expect(commits).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
  expect(safe).toEqual(["a", "b"]);
  ends[1]?.resolve();
  await Promise.all(later);
  const last = add("e");
  await settled();
  ends[2]?.resolve();
  await last;
  expect(commits.at(-1)).toEqual(["e"]);
});

test("rows that cannot be written do not fail the commits of others", async () => {
  const commits: (readonly string[])[] = [];
  const queue = new AppendQueue<string>(async (rows) => {
    if (rows.includes("bad")) throw new Error("disk full");
    commits.push(rows);
  });
  const outcomes = await Promise.allSettled(["a", "bad", "c"].map((row) => queue.add([row])));
  expect(outcomes).toMatchObject([
    { status: "fulfilled" },
    { status: "rejected", reason: new Error("disk full") },
    { status: "fulfilled" },
  ]);
  expect(commits).toEqual([["a"], ["c"]]);
  await queue.add(["d"]);
  expect(commits.at(-1)).toEqual(["d"]);
});

test("appending no rows makes no commit", async () => {
  const { queue, commits } = queueOf();
  await queue.add([]);
  expect(commits).toEqual([]);
});
