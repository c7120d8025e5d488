import type { Panel } from "./panel.ts";

/** The list as a combobox has it: the focus stays in the field, and one option is active. */
export interface Options {
  active(): HTMLAnchorElement | null;
  /** The option that Enter opens; null while the list answers an older question. */
  first(): HTMLAnchorElement | null;
  /** Makes the next option active; from none, the first; from the last one, none. -1 goes back. */
  move(step: 1 | -1): void;
  /** The list has new options. */
  reset(): void;
  /** The list answers an older question. */
  outdate(): void;
}

/** Options of a panel's list. */
export function makeOptions({ input, list }: Panel): Options {
  let all: readonly HTMLAnchorElement[] = [];
  let active: HTMLAnchorElement | null = null;
  let isCurrent = false;

  function activate(option: HTMLAnchorElement | null): void {
    active?.setAttribute("aria-selected", "false");
    active = option;
    active?.setAttribute("aria-selected", "true");
    if (active === null) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", active.id);
  }

  list.addEventListener("pointermove", ({ target }) => {
    const option = target instanceof Element ? target.closest("a") : null;
    if (option !== active && option !== null) activate(option);
  });

  return {
    active: () => active,
    first: () => (isCurrent ? (all[0] ?? null) : null),
    move(step) {
      const places = [null, ...all];
      const place = places.indexOf(active) + step;
      activate(places.at(place % places.length) ?? null);
      if (active === null) list.parentElement?.scrollTo({ top: 0 });
      else active.scrollIntoView({ block: "nearest" });
    },
    reset() {
      all = [...list.querySelectorAll("a")];
      activate(null);
      isCurrent = true;
      list.hidden = all.length === 0;
      input.setAttribute("aria-expanded", String(all.length > 0));
    },
    outdate() {
      isCurrent = false;
      activate(null);
    },
  };
}
