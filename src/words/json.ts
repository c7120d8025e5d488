/** The value of a text that is JSON; null for any other text. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** For what is checked a few times: zod does not first compile a program for it, which takes longer. */
export const READ_ONCE = { jitless: true } as const;
