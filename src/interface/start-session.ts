import { keepKeys } from "./keep-keys.ts";
import type { Panel } from "./panel.ts";
import type { Session, SessionPlace } from "./session.ts";

/** A panel's session, before its script has come. */
export interface StartedSession {
  /** Asks the question in the field. */
  ask(): void;
}

/**
 * Lets a panel search. The script that searches comes when the field gets the focus or a question; what is
 * typed meanwhile is asked then.
 */
export function startSession(panel: Panel, place: SessionPlace): StartedSession {
  let session: Promise<Session> | null = null;

  async function load(isTyping: boolean): Promise<void> {
    const isFirst = session === null;
    // Both at once: a script would ask for the other only when it has come.
    session ??= Promise.all([import("./session.ts"), import("../reader/index.ts")]).then(
      ([{ Session: Opened }]) => new Opened(panel, place),
    );
    try {
      const opened = await session;
      if (isFirst) opened.ask(isTyping);
    } catch {
      session = null;
      panel.status.textContent = place.settings.labels.unreachable;
      panel.root.classList.add("told");
    }
  }

  keepKeys(place.isDialog ? panel.root : panel.input);
  panel.input.addEventListener("focus", () => void load(true));
  panel.input.addEventListener("input", () => void load(true));
  return { ask: () => void load(false) };
}
