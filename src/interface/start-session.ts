import { keepKeys } from "./keep-keys.ts";
import { loadLater } from "./load-later.ts";
import type { Panel } from "./panel.ts";
import type { SessionPlace } from "./session.ts";

/** A panel's session, before its script has come. */
export interface StartedSession {
  /** Asks the question in the field. */
  ask(): void;
}

/**
 * Lets a panel search. The script that searches comes when the field gets the focus or a question; what is
 * typed meanwhile is asked then. If it does not come, the next letter or Enter asks for it again.
 */
export function startSession(panel: Panel, place: SessionPlace): StartedSession {
  const { input, root, status } = panel;
  let isStarted = false;

  async function start(isTyping: boolean): Promise<void> {
    if (isStarted) return;
    isStarted = true;
    root.classList.add("busy");
    try {
      const { Session } = await loadLater();
      new Session(panel, place).ask(isTyping);
    } catch {
      isStarted = false;
      root.classList.remove("busy");
      status.textContent = place.settings.labels.unreachable;
      root.classList.add("told");
    }
  }

  keepKeys(place.isDialog ? root : input);
  for (const type of ["focus", "input"]) input.addEventListener(type, () => void start(true));
  input.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") void start(false);
  });
  return { ask: () => void start(false) };
}
