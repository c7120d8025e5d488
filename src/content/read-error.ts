/** What each system error code means for an author, and what to do about it. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "it no longer exists, or it is a broken link; restore the file or delete the link"],
  ["EACCES", "permission denied; make it readable or name it in content.exclude"],
  ["EPERM", "permission denied; make it readable or name it in content.exclude"],
  ["EISDIR", "it is a folder; rename it or name it in content.exclude"],
  ["ELOOP", "its links form a loop; correct or delete them"],
  ["EMFILE", "too many files are open; raise the limit (ulimit -n) and run again"],
  ["ERR_FS_FILE_TOO_LARGE", "it is larger than 2 GiB; split it or name it in content.exclude"],
]);

/** One sentence: which file cannot be read, why, and what to do. */
export function explainReadError(id: string, error: unknown): string {
  const code = codeOf(error);
  const cause = code === "" ? "the reason is unknown" : `the system reports ${code}`;
  const reason = REASONS.get(code) ?? `${cause}; check the file and its disk`;
  return `${id} cannot be read: ${reason}.`;
}

function codeOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  return typeof code === "string" ? code : "";
}
