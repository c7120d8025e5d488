import { expect, test, vi } from "vitest";
import { EventSource } from "../../src/embedding/events.ts";
import type { ClientEvent } from "../../src/embedding/events.ts";

const flush = { type: "flush", cause: "window", texts: 2 } as const;

test("every listener hears every event, in the order in which they came, until it leaves", () => {
  const source = new EventSource();
  const heard: string[] = [];
  const leave = source.listen((event) => heard.push(`first ${event.type}`));
  source.listen((event) => heard.push(`second ${event.type}`));
  source.emit(flush);
  leave();
  source.emit(flush);
  expect(heard).toEqual(["first flush", "second flush", "second flush"]);
});

test("a listener that throws is named in a warning of the process, and the others hear all the same", () => {
  const warned = vi.spyOn(process, "emitWarning").mockReturnValue();
  const source = new EventSource();
  const heard: ClientEvent[] = [];
  source.listen(() => {
    throw new Error("broken");
  });
  source.listen((event) => heard.push(event));
  source.emit(flush);
  expect(heard).toEqual([flush]);
  expect(warned).toHaveBeenCalledWith("A listener of flush failed: Error: broken");
  warned.mockRestore();
});
