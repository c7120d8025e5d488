import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as root from "../src/index.ts";
import * as reader from "../src/reader/index.ts";
import * as testing from "../src/testing.ts";

const SRC = join(import.meta.dirname, "../src");

/** Names of the types that a file exports, those of `export type * from` included. */
async function typesOf(file: string): Promise<string[]> {
  const text = await readFile(join(SRC, file), "utf8");
  const listed = [...text.matchAll(/^export (?<type>type )?\{(?<names>[^}]*)\}/gmu)].flatMap(
    ({ groups }) =>
      (groups?.["names"] ?? "")
        .split(",")
        .map((name) => name.trim())
        .filter(
          (name) => name !== "" && (groups?.["type"] !== undefined || name.startsWith("type ")),
        )
        .map((name) => name.replace(/^type /u, "")),
  );
  const declared = [...text.matchAll(/^export (?:interface|type) (?<name>\w+)/gmu)].map(
    ({ groups }) => groups?.["name"] ?? "",
  );
  const others = [...text.matchAll(/^export type \* from "(?<path>[^"]+)"/gmu)];
  const starred = await Promise.all(others.map(({ groups }) => typesOf(groups?.["path"] ?? "")));
  return [...listed, ...declared, ...starred.flat()];
}

test.each([
  ["index", root],
  ["testing", testing],
  ["reader/index", reader],
])("what the package exports from %s is what it has promised", async (name, values) => {
  const lines = [
    ...Object.keys(values).map((value) => `value ${value}`),
    ...(await typesOf(`${name}.ts`)).map((type) => `type ${type}`),
  ];
  const text = `${lines.toSorted().join("\n")}\n`;
  await expect(text).toMatchFileSnapshot(`../golden/exports/${name}.txt`);
});
