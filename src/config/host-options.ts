import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SiteragError } from "../words/errors.ts";
import { isRecord } from "../words/is-record.ts";
import { holdsSecret } from "../words/safe-message.ts";
import { parsedJson, READ_ONCE } from "../words/json.ts";
import { once } from "../words/once.ts";

/**
 * The file in which a host's build leaves what its plugin was given, for the command line. It is beside the
 * configuration file; without one, in the folder that relative paths start from.
 */
export const HOST_OPTIONS_FILE = ".siterag/options.json";

const FORMAT = 1;

/** What the file holds. Paths are relative to the folder that has `.siterag`. */
const schema = once(() => {
  const block = z.record(z.string(), z.record(z.string(), z.unknown()));
  return z.object({
    format: z.literal(FORMAT),
    /** Name of the host. */
    host: z.string(),
    /** The options of the plugin. */
    options: block,
    /** What the host's own configuration says. */
    found: block,
    /** Keys that are left out of both, because their values hold a secret: `store.uri`. */
    withheld: z.array(z.string()),
  });
});

/** The options in the first of these folders that has any; null if none has. Throws CONFIG_UNREADABLE. */
export async function readHostOptions(folders: Iterable<string>) {
  for (const directory of folders) {
    const path = join(directory, HOST_OPTIONS_FILE);
    const text = textIn(path);
    if (text === null) continue;
    const checked = schema().safeParse(parsedJson(text), READ_ONCE);
    if (checked.success) return { directory, ...checked.data };
    throw new SiteragError(
      "CONFIG_UNREADABLE",
      `${path} is damaged, or another version of siterag wrote it. Build the site again, or delete the file.`,
    );
  }
  return null;
}

/** Null: it cannot be read. */
function textIn(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** The text of the file. `secrets` are values that may be in no file. */
export function hostOptionsText(
  host: string,
  given: Readonly<Record<"options" | "found", object>>,
  secrets: readonly string[],
): string {
  const withheld: string[] = [];
  const isOfEnvironment = (text: string): boolean =>
    secrets.some((secret) => text.includes(secret));
  const without = (settings: object, isSecret: (text: string) => boolean) =>
    Object.fromEntries(
      Object.entries(settings).map(([name, keys]) => {
        const [hidden, shown] = split(Object.entries(Object(keys)), ([, value]) =>
          hasText(value, isSecret),
        );
        withheld.push(...hidden.map(([key]) => `${name}.${key}`));
        return [name, Object.fromEntries(shown)];
      }),
    );
  const options = without(given.options, (text) => holdsSecret(text) || isOfEnvironment(text));
  // It has texts of pages, which may show what a key looks like.
  const found = without(given.found, isOfEnvironment);
  return `${JSON.stringify({ format: FORMAT, host, options, found, withheld }, null, 2)}\n`;
}

/** Whether a value, or one inside it, or a name of one, is such a text. */
function hasText(value: unknown, isSuch: (text: string) => boolean): boolean {
  if (typeof value === "string") return isSuch(value);
  return isRecord(value) || Array.isArray(value)
    ? Object.entries(value)
        .flat()
        .some((one) => hasText(one, isSuch))
    : false;
}

const split = <Item>(items: readonly Item[], isFirst: (item: Item) => boolean) =>
  [items.filter(isFirst), items.filter((item) => !isFirst(item))] as const;
