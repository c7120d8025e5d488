/** Where running text is: a cell needs its pipes escaped, a heading and a cell are one line. */
export type Place = "paragraph" | "heading" | "cell";

export const isSpace = (text: string): boolean => text === "" || /^\s/.test(text);
export const isSign = (text: string): boolean => /^[\p{P}\p{S}]/u.test(text);

/** Whether what is outside a run of signs leaves it free to be one of emphasis. */
export const isFree = (outside: string): boolean => isSpace(outside) || isSign(outside);

/** The last character of a text, which may be a surrogate pair. */
export const lastOf = (text: string): string => /[\s\S]$/u.exec(text)?.[0] ?? "";
/** The first character of a text. */
export const firstOf = (text: string): string => /^[\s\S]/u.exec(text)?.[0] ?? "";

/** What is around a text, or around a sign in it. */
export interface Around {
  readonly before: string;
  readonly after: string;
  readonly isInLink: boolean;
  readonly place: Place;
}

interface Sign extends Around {
  readonly run: string;
  /** The text behind it. */
  readonly rest: string;
  /** Whether it begins the text. */
  readonly isFirst: boolean;
}

const PUNCTUATION = /^[!-/:-@[-`{-~\n]/;

const isInSpace = ({ before, after }: Sign): boolean => isSpace(before) && isSpace(after);

/** Where Markdown would take each sign for syntax. */
const IS_SYNTAX: Readonly<Record<string, (sign: Sign) => boolean>> = {
  "\\": ({ after }) => after === "" || PUNCTUATION.test(after),
  "`": () => true,
  "*": (sign) => !isInSpace(sign),
  "~": (sign) => !isInSpace(sign),
  _: (sign) => !isInSpace(sign) && (isFree(sign.before) || isFree(sign.after)),
  $: ({ run }) => run.length > 1,
  "[": ({ isInLink, after, rest }) => isInLink || /[\^!]/.test(after) || /^[ xX]\]/.test(rest),
  "]": ({ isInLink, after }) => isInLink || /[([:]/.test(after),
  "<": ({ after }) => /[A-Za-z/!?]/.test(after),
  "&": ({ rest }) => /^#?\w+;/.test(rest),
  "|": ({ place }) => place === "cell",
  "!": ({ rest, after }) => rest === "" && after === "[",
  // Behind a link, as an attribute list.
  "{": ({ isFirst, before }) => isFirst && before === ")",
};

/** Characters that may begin Markdown; a run of those that mark emphasis is one match. */
const SIGNS = /\\|`|\*+|_+|~+|\$+|[[\]<&|!{]/g;

/** Plain text as Markdown that shows it. */
export function escaped(text: string, around: Around): string {
  return text.replace(SIGNS, (run, at: number) => {
    const end = at + run.length;
    const before = at > 0 ? lastOf(text.slice(Math.max(at - 2, 0), at)) : around.before;
    const after = end < text.length ? firstOf(text.slice(end, end + 2)) : around.after;
    const sign = {
      ...around,
      run,
      before,
      after,
      rest: text.slice(end, end + 40),
      isFirst: at === 0,
    };
    return IS_SYNTAX[run.charAt(0)]?.(sign) === true ? run.replace(/./g, "\\$&") : run;
  });
}
