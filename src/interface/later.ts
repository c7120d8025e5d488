/** The second script: what a page needs only when somebody searches. One file, so that it comes as a whole or not at all. */
export { markWords } from "./mark-words.ts";
export { Session } from "./session.ts";
