import { afterEach, expect, test, vi } from "vitest";
import { withDatabase } from "../../src/store/with-database.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("few files of a folder are read at once; other stores keep LanceDB's number", async () => {
  vi.stubEnv("LANCE_IO_THREADS", undefined);
  await withDatabase("memory://", async () => undefined);
  expect(process.env["LANCE_IO_THREADS"]).toBeUndefined();
  await withDatabase(await temporaryFolder(), async () => undefined);
  expect(process.env["LANCE_IO_THREADS"]).toBe("2");
});

test("the number that the user set stays", async () => {
  vi.stubEnv("LANCE_IO_THREADS", "16");
  await withDatabase(await temporaryFolder(), async () => undefined);
  expect(process.env["LANCE_IO_THREADS"]).toBe("16");
});
