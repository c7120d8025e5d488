import { z } from "zod";
import { key, type Key } from "./key.ts";

export const text = key(() => z.string().min(1));

export const flag = key(() => z.boolean());

export const oneOf = <const Name extends string>(names: readonly Name[]): Key<Name> =>
  key(() => z.enum(names));

/** A whole number between two bounds, both included. */
export const count = (minimum: number, maximum: number): Key<number> =>
  key(() => countSchema(minimum, maximum));

export const countSchema = (minimum: number, maximum: number): z.ZodInt =>
  z.int().min(minimum).max(maximum);

/** The same, or null for no limit, which is the default. */
export const limit = (minimum: number, maximum: number): Key<number | null> =>
  count(minimum, maximum).nullable().default(null);

/** Any number between two bounds, both included. */
export const between = (minimum: number, maximum: number): Key<number> =>
  key(() => z.number().min(minimum).max(maximum));

/** Where the site is; every page has it in public. */
export const address = key(() =>
  z
    .string()
    .min(1)
    .regex(/^(?![^?#]*:\/\/[^/?#]*@)/u, "a path or an address without user and password"),
);

export const amount = key(() => z.number().min(0));
export const amountOrNull = amount.nullable().default(null);
export const nonEmpty = key(() => z.array(text.schema()).min(1).readonly());
export const listOf = <Entry>(entry: Key<Entry>): Key<readonly Entry[]> =>
  key(() => z.array(entry.schema()).readonly());
export const milliseconds = count(0, 3_600_000);

/** The name of a model, whoever runs it. */
export const modelSchema = (): z.ZodString =>
  z.string().regex(/^[A-Za-z0-9._-]+$/, { error: "letters, digits, dots, dashes", abort: true });

export const modelName = key(modelSchema);

export const threshold = key(() =>
  z.union([countSchema(1, 1_000_000), z.literal("adaptive")], {
    error: 'a whole number from 1 to 1,000,000, or "adaptive"',
  }),
);

export const indexName = key(() =>
  z
    .string()
    .regex(
      /^(?!(?:pages|meta|lease|jobs|queries|contexts|search_files)$|vectors_)[a-z0-9][a-z0-9_.-]*$/i,
      "letters, digits, dots, dashes, underscores; not the name of another table of the store",
    ),
);
