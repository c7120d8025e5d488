/**
 * The code unit of a text at an index, as `charCodeAt` gives it. V8 keeps strings in more than four forms
 * (joined, cut, interned …), and once a loop has seen them all, it looks the method up for each character:
 * this takes a third of the time.
 */
export const codeAt: (text: string, index: number) => number = Function.prototype.call.bind(
  // oxlint-disable-next-line typescript/unbound-method
  String.prototype.charCodeAt,
);
