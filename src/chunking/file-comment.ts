/** A first comment that only names a file: hosts show it as the title of the code. */
const FILE_COMMENT =
  /^(?:\/\/|#|<!--|\/\*|--)\s*[\w@.~/[\]-]*\.(?:[cm]?[jt]sx?|json5?|ya?ml|toml|mdx?|html?|s?css|less|vue|svelte|astro|njk|py|rb|rs|go|java|php|sh)(?:\s*(?:-->|\*\/))?$/;

/** Whether a first line of code only names a file. */
export const isFileComment = (line: string): boolean => FILE_COMMENT.test(line.trim());
