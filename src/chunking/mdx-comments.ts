import type { Extension as FromMarkdownExtension } from "mdast-util-from-markdown";
import type { Code, Construct, Extension, State, Tokenizer } from "micromark-util-types";

declare module "micromark-util-types" {
  interface TokenTypeMap {
    mdxComment: "mdxComment";
    mdxCommentText: "mdxCommentText";
  }
}

const LESS_THAN = 60;
const HYPHEN = 45;
const OPENING: readonly Code[] = [LESS_THAN, 33, HYPHEN, HYPHEN];
const CLOSING: readonly Code[] = [HYPHEN, HYPHEN, 62];

/** micromark's codes for line ends run from carriage return (-5) to carriage return + line feed (-3). */
const isLineEnd = (code: Code): boolean => code !== null && code < -2;
const isSpace = (code: Code): boolean => code === -2 || code === -1 || code === 32;

/** A comment; where it is a block (`isBlock`), nothing else may stand behind it on its last line. */
const tokenizer = (isBlock: boolean): Tokenizer =>
  function tokenizeComment(effects, ok, nok) {
    let [opened, closed] = [0, 0];
    const after: State = (code) => {
      if (!isBlock || code === null || isLineEnd(code)) {
        effects.exit("mdxCommentText");
        effects.exit("mdxComment");
        return ok(code);
      }
      if (!isSpace(code)) return nok(code);
      effects.consume(code);
      return after;
    };
    const inside: State = (code) => {
      if (code === null) return nok(code);
      if (isLineEnd(code)) {
        effects.exit("mdxCommentText");
        closed = 0;
        return lineStart(code);
      }
      effects.consume(code);
      // Three hyphens in a row still leave two before the closing sign.
      if (code === CLOSING[closed]) closed += 1;
      else if (code !== HYPHEN) closed = 0;
      return closed === CLOSING.length ? after : inside;
    };
    const lineStart: State = (code) => {
      if (code === null) return nok(code);
      if (isLineEnd(code)) {
        effects.enter("lineEnding");
        effects.consume(code);
        effects.exit("lineEnding");
        return lineStart;
      }
      effects.enter("mdxCommentText");
      return inside(code);
    };
    const opening: State = (code) => {
      if (code !== OPENING[opened]) return nok(code);
      effects.consume(code);
      opened += 1;
      return opened === OPENING.length ? inside : opening;
    };
    return (code) => {
      effects.enter("mdxComment");
      effects.enter("mdxCommentText");
      return opening(code);
    };
  };

const block: Construct = { name: "mdxComment", tokenize: tokenizer(true), concrete: true };
const inline: Construct = { name: "mdxComment", tokenize: tokenizer(false) };

/** Grammar of HTML comments in MDX, which Docusaurus allows there. */
export const mdxCommentSyntax: Extension = {
  flow: { [LESS_THAN]: block },
  text: { [LESS_THAN]: inline },
};

/** Builds a node `html` of a comment, which shows nothing. */
export const mdxCommentFromMarkdown: FromMarkdownExtension = {
  enter: {
    mdxComment(token) {
      this.enter({ type: "html", value: this.sliceSerialize(token) }, token);
    },
  },
  exit: {
    mdxComment(token) {
      this.exit(token);
    },
  },
};
