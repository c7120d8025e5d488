import { readFile, writeFile } from "node:fs/promises";
import { SECTIONS } from "../src/config/keys.ts";
import { PROVIDERS } from "../src/providers/table.ts";

/** Writes the sentences of all configuration keys into the built types. */
export async function documentKeys(): Promise<void> {
  await document("config/keys.d.ts", Object.values(SECTIONS));
  await document(
    "providers/table.d.ts",
    PROVIDERS.map(({ keys }) => keys().shape),
  );
}

/**
 * Writes the sentence of each configuration key into the built types, above the key: editors show it
 * to whoever writes a configuration. The compiler keeps no comments in the types that it infers.
 */
async function document(file: string, shapes: readonly object[]): Promise<void> {
  const url = new URL(`../dist/${file}`, import.meta.url);
  const keys = shapes.flatMap((shape) => Object.entries(shape));
  const lines = (await readFile(url, "utf8")).split("\n").flatMap((line) => {
    const [key, schema] = keys[0] ?? [];
    const indent = key === undefined ? null : (/^ +/u.exec(line)?.[0] ?? "");
    if (indent === null || !line.startsWith(`${indent}${key}: `)) return [line];
    keys.shift();
    return [`${indent}/** ${schema.description} */`, line];
  });
  if (keys[0] !== undefined) throw new Error(`dist/${file} has no key ${keys[0][0]}.`);
  await writeFile(url, lines.join("\n"));
}
