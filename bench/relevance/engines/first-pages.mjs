/** The pages of ranked sections in order, each once. */
export const firstPages = (pages, limit) => [...new Set(pages)].slice(0, limit);
