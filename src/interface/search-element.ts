import { element, icon, MAGNIFIER, styleSheet } from "./elements.ts";
import { makePanel, type Panel } from "./panel.ts";
import { ATTRIBUTES, settingsOf, type SearchSettings } from "./settings.ts";
import { startSession } from "./start-session.ts";
import dialogCss from "./dialog.css";
import panelCss from "./panel.css";

const SHEETS = [styleSheet(panelCss), styleSheet(dialogCss)];

const isApple = (): boolean => /Mac|iPhone|iPad/u.test(navigator.platform);

/** `<siterag-search>`: a button, and the dialog that it opens. */
export class SearchElement extends HTMLElement {
  static readonly observedAttributes = ATTRIBUTES;

  #dialog: HTMLDialogElement | null = null;
  /** Lets the page behind go. */
  #letGo: (() => void) | null = null;

  connectedCallback(): void {
    if (this.#dialog === null) this.#render();
  }

  disconnectedCallback(): void {
    this.close();
  }

  attributeChangedCallback(): void {
    if (this.#dialog !== null) this.#render();
  }

  get isOpen(): boolean {
    return this.#dialog?.open === true;
  }

  /** Opens the dialog; the field has the focus, and its text is selected. */
  open(): void {
    if (this.#dialog === null || this.#dialog.open) return;
    this.#letGo ??= holdPlace();
    this.#dialog.showModal();
    this.#dialog.dispatchEvent(new Event("siterag-open"));
  }

  /** Closes the dialog; the focus goes back where it was. */
  close(): void {
    this.#dialog?.close();
  }

  /** Opens the dialog, or closes an open one if `closes`. */
  toggle(closes = true): void {
    if (!this.isOpen) this.open();
    else if (closes) this.close();
  }

  #render(): void {
    const settings = settingsOf(this);
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = SHEETS;
    this.close();
    const panel = makePanel(settings.labels);
    const dialog = element(
      "dialog",
      { part: "dialog", "aria-label": settings.labels.search },
      panel.root,
    );
    this.#dialog = dialog;
    const trigger = makeTrigger(settings);
    trigger.addEventListener("click", () => this.open());
    listenToDialog(dialog, panel, settings);
    dialog.addEventListener("close", () => {
      // The event comes later: a reader may have opened the dialog again.
      if (this.isOpen) return;
      this.#letGo?.();
      this.#letGo = null;
    });
    root.replaceChildren(trigger, dialog);
  }
}

function makeTrigger({ labels }: SearchSettings): HTMLButtonElement {
  const keys = element(
    "kbd",
    { part: "keys", "aria-hidden": "true" },
    element("kbd", {}, isApple() ? "⌘" : "Ctrl"),
    element("kbd", {}, "K"),
  );
  return element(
    "button",
    {
      part: "trigger",
      type: "button",
      "aria-haspopup": "dialog",
      "aria-keyshortcuts": "Control+K Meta+K /",
    },
    icon(MAGNIFIER),
    element("span", { part: "label" }, labels.search),
    keys,
  );
}

function listenToDialog(dialog: HTMLDialogElement, panel: Panel, settings: SearchSettings): void {
  const close = (): void => dialog.close();
  dialog.addEventListener("siterag-open", () => panel.input.select());
  let isPressedBeside = false;
  dialog.addEventListener("pointerdown", ({ target }) => {
    isPressedBeside = target === dialog;
  });
  dialog.addEventListener("click", ({ target }) => {
    // Not where text was selected from the field to beside the dialog.
    if (target === dialog && isPressedBeside) close();
  });
  panel.close.addEventListener("click", close);
  startSession(panel, { settings, isDialog: true, close });
}

/**
 * Holds the page behind where it is, with the room of its scroll bar, so nothing moves. Returns what lets it go, as
 * the site had it.
 */
function holdPlace(): () => void {
  const { clientWidth, style } = document.documentElement;
  const { overflow, scrollbarGutter } = style;
  if (window.innerWidth > clientWidth) style.scrollbarGutter = "stable";
  style.overflow = "hidden";
  return () => void Object.assign(style, { overflow, scrollbarGutter });
}
