/** Part of every page key. Raise it whenever an unchanged page may give other chunks. */
export const CHUNKER_VERSION: number = 2;
