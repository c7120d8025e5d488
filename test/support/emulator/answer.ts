/** An HTTP answer. */
export type Answer =
  | {
      /** `cut`: the connection ends after half of the body. */
      readonly kind: "whole" | "cut";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | Buffer;
    }
  /** Events one by one; after the last, the answer ends, breaks off, or hangs. */
  | {
      readonly kind: "stream";
      readonly events: readonly string[];
      readonly end: "whole" | "cut" | "hang";
    }
  /** The connection is reset before anything is sent. */
  | { readonly kind: "reset" }
  /** No answer until the client or the emulator ends the connection. */
  | { readonly kind: "silence" };

const JSON_HEADERS = { "content-type": "application/json; charset=UTF-8" };

export const jsonAnswer = (
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Answer => ({
  kind: "whole",
  status,
  headers: { ...JSON_HEADERS, ...headers },
  body: JSON.stringify(body),
});

/** Server-sent events, each the JSON of one value. */
export const streamAnswer = (
  values: readonly unknown[],
  end: "whole" | "cut" | "hang" = "whole",
): Answer => ({
  kind: "stream",
  events: values.map((value) => `data: ${JSON.stringify(value)}\r\n\r\n`),
  end,
});

/** Truncated JSON with status 200. */
export const malformedAnswer: Answer = {
  kind: "whole",
  status: 200,
  headers: JSON_HEADERS,
  body: '{"embeddings": [',
};

/** The error page of a proxy in front of the API. */
export const htmlAnswer = (status: number, title: string): Answer => ({
  kind: "whole",
  status,
  headers: { "content-type": "text/html" },
  body: `<html><title>Error ${status} (${title})</title></html>`,
});

/** The same answer, cut off in the middle of its body. */
export function cutAnswer(answer: Answer): Answer {
  if (answer.kind === "whole") return { ...answer, kind: "cut" };
  if (answer.kind !== "stream") return answer;
  return { ...answer, events: answer.events.slice(0, 1), end: "cut" };
}
