/** What goes back over the wire. */
export type Answer =
  | {
      /** `cut`: half of the body, then the connection ends. */
      readonly kind: "whole" | "cut";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | Buffer;
    }
  /** The connection is reset before anything is sent. */
  | { readonly kind: "reset" }
  /** Nothing, until the client or the emulator ends the connection. */
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

/** JSON that stops where nobody expects it, with a good status. */
export const malformedAnswer: Answer = {
  kind: "whole",
  status: 200,
  headers: JSON_HEADERS,
  body: '{"embeddings": [',
};

/** What a proxy in front of the API answers. */
export const htmlAnswer = (status: number, title: string): Answer => ({
  kind: "whole",
  status,
  headers: { "content-type": "text/html" },
  body: `<html><title>Error ${status} (${title})</title></html>`,
});

/** The same answer, which breaks off in the middle of its body. */
export const cutAnswer = (answer: Answer): Answer =>
  answer.kind === "whole" ? { ...answer, kind: "cut" } : answer;
