/** Line ends of all systems, each counted once. */
export const countLineEnds = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;
