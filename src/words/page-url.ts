/** The URL of a page, without the `#anchor` of a section. */
export const pageUrl = (url: string): string => url.replace(/#.*$/u, "");
