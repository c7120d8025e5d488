import { z } from "zod";
import { Refusal } from "./refusal.ts";

/** A number in protocol buffers' JSON, where strings of digits are allowed too. */
export const wholeNumber = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);

/**
 * Reads a JSON body with a strict camelCase schema. As in protocol buffers, fields may also be
 * written in snake_case. Throws the API's refusal of broken JSON, unknown fields and wrong values.
 */
export const readPayload = <Body>(schema: z.ZodType<Body>, bytes: Buffer): Body =>
  readMessage(schema, parseJson(bytes.toString() || "{}"));

/** The same for parsed JSON. */
export function readMessage<Body>(schema: z.ZodType<Body>, json: unknown): Body {
  const result = schema.safeParse(withCamelCase(json));
  if (result.success) return result.data;
  throw badRequest(result.error.issues.flatMap(violationsOf));
}

/** Throws the API's refusal of broken JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("INVALID_ARGUMENT", "Invalid JSON payload received. Unexpected token.");
  }
}

function withCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withCamelCase);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      camelCase(name),
      // Its keys are the client's own.
      name === "metadata" ? field : withCamelCase(field),
    ]),
  );
}

const camelCase = (name: string): string =>
  name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const snakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `requests[0].output_dimensionality` */
const fieldPath = (path: readonly PropertyKey[]): string =>
  path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${snakeCase(String(step))}`))
    .join("")
    .replace(/^\./, "");

interface Violation {
  readonly field: string;
  readonly description: string;
}

function violationsOf(issue: z.core.$ZodIssue): readonly Violation[] {
  const field = fieldPath(issue.path);
  if (issue.code !== "unrecognized_keys") {
    return [{ field, description: `Invalid value at '${field}': ${issue.message}` }];
  }
  const at = field === "" ? "" : ` at '${field}'`;
  return issue.keys.map((name) => ({
    field,
    description: `Invalid JSON payload received. Unknown name "${name}"${at}: Cannot find field.`,
  }));
}

/** Google's front end reports all wrong fields, one per line. */
const badRequest = (fieldViolations: readonly Violation[]): Refusal =>
  new Refusal(
    "INVALID_ARGUMENT",
    fieldViolations.map(({ description }) => description).join("\n"),
    [{ "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations }],
  );
