import { count } from "../words/amounts.ts";
import type { Sender } from "./client.ts";
import type { ClientEvent } from "./events.ts";

type Told = Extract<ClientEvent, { readonly type: "batch_generated" }>;

/** Tells how fast a model on this machine was in some work, if it read more than one text. */
export async function tellingSpeed<Value>(
  { events, profile }: Pick<Sender<never, unknown>, "events" | "profile">,
  tell: (line: string) => void,
  work: () => Promise<Value>,
): Promise<Value> {
  if (profile.isOnThisMachine !== true) return work();
  const sets: Told[] = [];
  const leave = events?.listen((event) => {
    if (event.type === "batch_generated") sets.push(event);
  });
  try {
    const value = await work();
    // The end of a set is told just after its last answer, in the same turn.
    await new Promise((resolve) => setImmediate(resolve));
    const sum = (amountOf: (set: Told) => number): number =>
      sets.reduce((total, set) => total + amountOf(set), 0);
    const texts = sum((set) => set.texts);
    const seconds = sum((set) => set.durationMs) / 1000;
    if (texts > 1)
      tell(
        speedLine(
          texts,
          sum((set) => set.tokens),
          seconds,
        ),
      );
    return value;
  } finally {
    leave?.();
  }
}

function speedLine(texts: number, tokens: number, seconds: number): string {
  const rate = (amount: number): string =>
    (amount / Math.max(seconds, 0.001)).toLocaleString("en", { maximumSignificantDigits: 3 });
  return `${count(texts, "text")} embedded on this machine in ${seconds.toFixed(1)} s: ${rate(texts)} texts/s, ${rate(tokens)} tokens/s.`;
}
