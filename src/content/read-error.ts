/** What the system's error codes mean to an author, and what to do about each. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "it is gone, or a link to a file that is gone; restore it or delete the link"],
  ["EACCES", "permission is denied; make it readable or name it in content.exclude"],
  ["EPERM", "permission is denied; make it readable or name it in content.exclude"],
  ["EISDIR", "it is a folder; rename it or name it in content.exclude"],
  ["ELOOP", "its links lead round in a circle; correct or delete them"],
  ["EMFILE", "too many files are open; raise the limit (ulimit -n) and run again"],
  ["ERR_FS_FILE_TOO_LARGE", "it is larger than 2 GiB; split it or name it in content.exclude"],
]);

/** One sentence: which file, why it cannot be read, what to do. */
export function explainReadError(id: string, error: unknown): string {
  const code = codeOf(error);
  const reason = REASONS.get(code) ?? `the system says ${code}; check the file and its disk`;
  return `${id} cannot be read: ${reason}.`;
}

function codeOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  return typeof code === "string" ? code : "nothing more";
}
