import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../support/temporary-folder.ts";
import { openEmulator } from "./open-emulator.ts";
import { linesOf, startJob, uploadFile } from "./send-job.ts";

const HOUR_MS = 3_600_000;

test("the SDK uploads a file by its path, reads, lists and deletes it", async () => {
  const { ai } = await openEmulator();
  const folder = await folderWith({ "input.jsonl": "one line\n" });
  const config = { mimeType: "application/jsonl", displayName: "my input" };
  const file = await ai.files.upload({ file: join(folder, "input.jsonl"), config });
  expect(file).toMatchObject({
    name: expect.stringMatching(/^files\/[a-z0-9]{12}$/),
    displayName: "my input",
    mimeType: "application/jsonl",
    sizeBytes: "9",
    createTime: "2026-12-01T20:00:00.000Z",
    expirationTime: "2026-12-03T20:00:00.000Z",
    state: "ACTIVE",
    source: "UPLOADED",
  });
  const name = file.name ?? "";
  expect(await ai.files.get({ name })).toEqual(file);
  const listed = await ai.files.list();
  expect(listed.page).toEqual([file]);
  await ai.files.delete({ name });
  expect((await ai.files.list()).page).toEqual([]);
  await expect(ai.files.get({ name })).rejects.toMatchObject({ status: 403 });
});

test("the SDK's upload is the recorded one", async () => {
  const { ai, emulator } = await openEmulator();
  const file = new Blob(["x".repeat(147)], { type: "application/jsonl" });
  await ai.files.upload({ file, config: { displayName: "my input" } });
  expect(emulator.requests).toMatchObject([
    {
      method: "POST",
      path: "/upload/v1beta/files",
      headers: {
        "x-goog-upload-protocol": "resumable",
        "x-goog-upload-command": "start",
        "x-goog-upload-header-content-length": "147",
        "x-goog-upload-header-content-type": "application/jsonl",
      },
      body: { file: { mimeType: "application/jsonl", displayName: "my input", sizeBytes: "147" } },
    },
    {
      method: "POST",
      path: "/upload/v1beta/files",
      headers: { "x-goog-upload-command": "upload, finalize", "x-goog-upload-offset": "0" },
    },
  ]);
});

test("the SDK uploads a large file in chunks of 8 MiB", async () => {
  const { ai, emulator } = await openEmulator();
  const size = 8 * 1024 * 1024 + 100;
  const file = new Blob(["x".repeat(size)], { type: "jsonl" });
  expect(await ai.files.upload({ file })).toMatchObject({ sizeBytes: String(size) });
  const commands = emulator.requests.map(({ headers }) => headers["x-goog-upload-command"]);
  expect(commands).toEqual(["start", "upload", "upload, finalize"]);
});

test("a chunk with a wrong offset is refused", async () => {
  const { send } = await openEmulator();
  const begun = await send("POST", "/upload/v1beta/files?key=emulator-key", "{}", {
    "x-goog-upload-protocol": "resumable",
    "x-goog-upload-command": "start",
    "x-goog-upload-header-content-length": "20",
    "x-goog-upload-header-content-type": "jsonl",
  });
  expect(begun.headers.get("x-goog-upload-status")).toBe("active");
  const url = new URL(begun.headers.get("x-goog-upload-url") ?? "");
  const chunk = { "x-goog-upload-command": "upload, finalize", "x-goog-upload-offset": "10" };
  expect(await send("POST", `${url.pathname}${url.search}`, "x".repeat(10), chunk)).toMatchObject({
    status: 400,
  });
});

test("an uploaded file is gone after 48 hours", async () => {
  const open = await openEmulator();
  const name = await uploadFile(open, "text");
  open.clock.advance(48 * HOUR_MS - 1);
  expect(await open.send("GET", `/v1beta/${name}`)).toMatchObject({ status: 200 });
  open.clock.advance(1);
  expect(await open.send("GET", `/v1beta/${name}`)).toMatchObject({ status: 403 });
  expect(await open.send("GET", "/v1beta/files")).toMatchObject({ status: 200, body: {} });
});

test("files are listed in pages", async () => {
  const open = await openEmulator();
  const names = [
    await uploadFile(open, "1"),
    await uploadFile(open, "2"),
    await uploadFile(open, "3"),
  ];
  const listed: (string | undefined)[] = [];
  for await (const { name } of await open.ai.files.list({ config: { pageSize: 2 } })) {
    listed.push(name);
  }
  expect(listed).toEqual(names);
  const { body } = await open.send("GET", "/v1beta/files?pageSize=3");
  expect(body).toMatchObject({ files: [{}, {}, {}] });
  expect(body).not.toHaveProperty("nextPageToken");
});

test("an uploaded file cannot be downloaded", async () => {
  const open = await openEmulator();
  const name = await uploadFile(open, "text");
  expect(await open.send("GET", `/v1beta/${name}:download?alt=media`)).toMatchObject({
    status: 400,
  });
});

test("an output file can be downloaded by both paths and by the SDK, and nothing else", async () => {
  const open = await openEmulator({ jobMs: 1000 });
  const { output } = await startJob(open, ["a", "b"]);
  const name = output.slice("/v1beta/".length);
  expect(await open.send("GET", `${output}:download?alt=media`)).toMatchObject({ status: 403 });
  open.clock.advance(1000);
  const { body } = await open.send("GET", `${output}:download?alt=media`);
  expect(linesOf(body)).toHaveLength(2);
  const other = await open.send("GET", `/download${output}:download?alt=media`);
  expect(other.body).toBe(body);
  const downloadPath = join(await folderWith({}), "output.jsonl");
  await open.ai.files.download({ file: name, downloadPath });
  expect(await readFile(downloadPath, "utf8")).toBe(body);
  expect(name).toHaveLength("files/".length + 42);
  for (const method of ["GET", "DELETE"]) {
    expect(await open.send(method, output)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining("cannot be more than 40 characters") } },
    });
  }
});

test("a download can break off in the middle", async () => {
  const open = await openEmulator({ jobMs: 1000 });
  open.emulator.addFault({ name: "download-drop", text: "b", times: 1 });
  const { output } = await startJob(open, ["a", "b"]);
  open.clock.advance(1000);
  await expect(open.send("GET", `${output}:download?alt=media`)).rejects.toThrow("terminated");
  expect(await open.send("GET", `${output}:download?alt=media`)).toMatchObject({ status: 200 });
});

test("job output is kept for six weeks", async () => {
  const open = await openEmulator({ jobMs: 1000 });
  const { output, path } = await startJob(open, ["a", "b"]);
  open.clock.advance(41 * 24 * HOUR_MS);
  expect(await open.send("GET", path)).toMatchObject({ status: 200 });
  expect(await open.send("GET", `${output}:download?alt=media`)).toMatchObject({ status: 200 });
  open.clock.advance(2 * 24 * HOUR_MS);
  expect(await open.send("GET", path)).toMatchObject({ status: 404 });
});

test("a job's input may be deleted before the job ends", async () => {
  const open = await openEmulator({ jobMs: 1000 });
  const { path, output } = await startJob(open, ["a", "b"]);
  await open.send("DELETE", `/v1beta/${jobFileName(open.emulator.requests)}`);
  open.clock.advance(1000);
  expect(await open.send("GET", path)).toMatchObject({ body: { done: true } });
  expect(await open.send("GET", `${output}:download?alt=media`)).toMatchObject({ status: 200 });
});

const jobFileName = (requests: readonly { readonly body: unknown }[]): string =>
  /files\/\w+/.exec(JSON.stringify(requests.at(-1)?.body))?.[0] ?? "";
