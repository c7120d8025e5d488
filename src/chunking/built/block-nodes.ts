/** A block of an HTML page, before it becomes Markdown. Texts are Markdown already. */
export type BlockNode =
  | {
      readonly kind: "heading";
      readonly depth: number;
      readonly text: string;
      readonly plain: string;
      /** Null: the page gives it none. */
      readonly id: string | null;
    }
  | { readonly kind: "text"; readonly text: string; readonly isTitle: boolean }
  | { readonly kind: "code"; readonly info: string; readonly lines: readonly string[] }
  | { readonly kind: "math"; readonly lines: readonly string[] }
  /** Rows of cells; the first is the header. */
  | { readonly kind: "table"; readonly rows: readonly (readonly string[])[] }
  | {
      readonly kind: "list";
      /** Number of the first item; null: a list of points. */
      readonly start: number | null;
      readonly items: readonly (readonly BlockNode[])[];
    }
  | { readonly kind: "quote"; readonly children: readonly BlockNode[] }
  | { readonly kind: "footnote"; readonly label: string; readonly children: readonly BlockNode[] };
