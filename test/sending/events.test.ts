import { expect, test, vi } from "vitest";
import { EventSource } from "../../src/sending/events.ts";
import type { ClientEvent } from "../../src/sending/events.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { docsSite } from "../support/docs-site.ts";
import { settled } from "./deferred.ts";

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

test("an asynchronous listener that fails later is named in a warning, too", async () => {
  const warned = vi.spyOn(process, "emitWarning").mockReturnValue();
  const source = new EventSource();
  const later = (): unknown => Promise.reject(new Error("broken"));
  source.listen(later);
  source.emit(flush);
  await settled();
  expect(warned).toHaveBeenCalledExactlyOnceWith("A listener of flush failed: Error: broken");
  warned.mockRestore();
});

test("a run goes to its end whatever asynchronous listeners come to", async () => {
  const warned = vi.spyOn(process, "emitWarning").mockReturnValue();
  const { config } = await docsSite({ "a.md": "# A\n\nThe first.\n" });
  const client = new MockGeminiClient();
  const later = (): unknown => Promise.reject(new Error("broken"));
  client.events.listen(later);
  const report = await indexSite({ config, client });
  expect(report).toMatchObject({ failures: [], chunks: { pending: 0, failed: 0 } });
  expect(warned).toHaveBeenCalledWith("A listener of success failed: Error: broken");
  warned.mockRestore();
});
