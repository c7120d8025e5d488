import { cutAnswer, jsonAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { originOf } from "./http-server.ts";
import type { Incoming } from "./http-server.ts";
import { pageOf } from "./page.ts";
import { Refusal } from "./refusal.ts";
import type { Service } from "./service.ts";
import { fileResource } from "./stored-files.ts";
import type { StoredFile } from "./stored-files.ts";

/** The longest id that can be read or deleted; those of output files are longer (js-genai #1227). */
const MAX_ID_LENGTH = 40;

/** `GET files/{id}` */
export function getFile(service: Service, incoming: Incoming, name: string): Answer {
  return jsonAnswer(fileResource(knownFile(service, "Get", name), originOf(incoming)));
}

/** `DELETE files/{id}` */
export function deleteFile(service: Service, _: Incoming, name: string): Answer {
  service.files.remove(knownFile(service, "Delete", name).name);
  return jsonAnswer({});
}

/** `GET files` */
export function listFiles({ files }: Service, incoming: Incoming): Answer {
  const { items, more } = pageOf(files.uploaded, incoming.query);
  if (items.length === 0) return jsonAnswer({});
  return jsonAnswer({
    files: items.map((file) => fileResource(file, originOf(incoming))),
    ...more,
  });
}

/** `GET files/{id}:download`; only generated files can be downloaded. */
export function downloadFile(service: Service, _: Incoming, name: string): Answer {
  service.jobs.settle();
  const texts = service.jobs.textsBehind(name);
  const isGone = service.faults.meet(["output-gone"], texts) !== null;
  const file = isGone ? null : service.files.find(name);
  if (file === null) throw unknownFile(name);
  if (file.source === "UPLOADED") throw new Refusal("INVALID_ARGUMENT", `${name} is an upload.`);
  const answer: Answer = {
    kind: "whole",
    status: 200,
    headers: { "content-type": "application/octet-stream" },
    body: file.bytes,
  };
  return service.faults.meet(["download-drop"], texts) === null ? answer : cutAnswer(answer);
}

function knownFile({ files }: Service, method: "Get" | "Delete", name: string): StoredFile {
  const id = name.slice("files/".length);
  if (id.length > MAX_ID_LENGTH) throw idTooLong(method);
  const file = files.find(name);
  if (file === null) throw unknownFile(name);
  return file;
}

/** Not 404: python-genai issue #1218. */
const unknownFile = (name: string): Refusal =>
  new Refusal(
    "PERMISSION_DENIED",
    `You do not have permission to access the File ${name.slice("files/".length)} or it may not exist.`,
  );

const idTooLong = (method: string): Refusal =>
  new Refusal(
    "INVALID_ARGUMENT",
    `* ${method}FileRequest.name: File ID (name excluding 'files/') cannot be more than 40 characters.\n`,
  );
