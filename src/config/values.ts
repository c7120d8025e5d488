import { z } from "zod";

export const text = z.string().min(1);

export const oneOf = z.enum;

/** A block; a key that it does not have is refused. */
export const section = z.strictObject;

/** A whole number between two bounds, both included. */
export const count = (minimum: number, maximum: number): z.ZodInt =>
  z.int().min(minimum).max(maximum);

/** The same, or null for no limit, which is the default. */
export const limit = (minimum: number, maximum: number) =>
  count(minimum, maximum).nullable().default(null);

/** Where the site is; every page has it in public. */
export const address = text.regex(
  /^(?![^?#]*:\/\/[^/?#]*@)/u,
  "a path or an address without user and password",
);

export const amount = z.number().min(0);
export const amountOrNull = amount.nullable().default(null);
export const share = z.number().min(0).max(1);
export const weight = z.number().min(0).max(100);
export const nonEmpty = z.array(text).min(1).readonly();
export const listOf = <Entry extends z.ZodType>(entry: Entry) => z.array(entry).readonly();
export const milliseconds = count(0, 3_600_000);

/** The name of a model, whoever runs it. */
export const modelName = z
  .string()
  .regex(/^[A-Za-z0-9._-]+$/, { error: "letters, digits, dots, dashes", abort: true });

export const threshold = z.union([count(1, 1_000_000), z.literal("adaptive")], {
  error: 'a whole number from 1 to 1,000,000, or "adaptive"',
});

export const indexName = z
  .string()
  .regex(
    /^(?!(?:pages|meta|lease|jobs|queries|contexts|search_files)$|vectors_)[a-z0-9][a-z0-9_.-]*$/i,
    "letters, digits, dots, dashes, underscores; not the name of another table of the store",
  );
