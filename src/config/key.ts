import { z } from "zod";
import { isRecord } from "../words/is-record.ts";

/**
 * A key of the configuration. Its schema is made when a value is checked: most runs set a few keys of many, and need
 * no schema for the defaults of the others.
 */
export interface Key<Value> {
  /** What checks a value; nothing at all becomes the default. */
  readonly schema: () => z.ZodType<Value>;
  /** Undefined: a value must be given. */
  readonly byDefault: Value | undefined;
  /** One sentence, which editors show. */
  readonly description: string;
  /** The same, or null. */
  nullable(): Key<Value | null>;
  default(value: Given<Value>): Key<Value>;
  describe(sentence: string): Key<Value>;
}

type Given<Value> = z.core.util.NoUndefined<Value>;

/** A key without a default. */
export const key = <Value>(
  schema: () => z.ZodType<Value>,
  byDefault?: Value,
  description = "",
): Key<Value> => ({
  schema,
  byDefault,
  description,
  nullable: () => key<Value | null>(() => schema().nullable()),
  default: (value) => key(() => schema().default(value), value, description),
  describe: (sentence) => key(schema, byDefault, sentence),
});

/** Keys by name, or blocks of them. */
export interface Keys {
  readonly [name: string]: Key<unknown> | Keys;
}

/** The values of keys, checked and complete. */
export type ValuesOf<Block> = {
  readonly [Name in keyof Block]: Block[Name] extends Key<infer Value>
    ? Value
    : ValuesOf<Block[Name]>;
};

const isKey = (entry: Key<unknown> | Keys): entry is Key<unknown> =>
  typeof entry["schema"] === "function";

/** Whether each key has a value. */
export const isComplete = <Block extends Keys>(
  block: Block,
  values: unknown,
): values is ValuesOf<Block> =>
  isRecord(values) &&
  Object.entries(block).every(([name, entry]) =>
    isKey(entry) ? values[name] !== undefined : isComplete(entry, values[name]),
  );

/** What holds where nobody says otherwise. Each key must have a default. */
export function defaultsOf<Block extends Keys>(block: Block): ValuesOf<Block> {
  const values: unknown = Object.fromEntries(
    Object.entries(block).map(([name, entry]) => [
      name,
      isKey(entry) ? entry.byDefault : defaultsOf(entry),
    ]),
  );
  if (isComplete(block, values)) return values;
  throw new TypeError("There is a key without a default.");
}

/** What checks those of these keys that are set. */
export const shapeOf = (block: Keys, set: unknown): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(block)
      .filter(([name]) => isRecord(set) && name in set)
      .map(([name, entry]) => [name, schemaOf(entry, Object(set)[name])]),
  );

/** What checks a value, or those keys of a block that are set; others it refuses. */
export const schemaOf = (entry: Key<unknown> | Keys, set: unknown): z.ZodType =>
  isKey(entry) ? entry.schema() : z.strictObject(shapeOf(entry, set)).prefault({});
