/** The value of a text that is JSON; null for any other text. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** For what a process checks once: zod does not first compile a program for it. */
export const READ_ONCE = { jitless: true } as const;
