/** Part of every page key: raised whenever the chunks of an unchanged page could change. */
export const CHUNKER_VERSION: number = 1;
