import { isRecord } from "../words/is-record.ts";

/** Settings of one place, unchecked. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * Lays `over` on `under`, section by section and key by key; a list replaces a list. An undefined
 * value sets nothing. What is no section is left for the schema to refuse.
 */
export function mergeSettings(under: Settings, over: Settings): Settings {
  const merged: Record<string, unknown> = { ...under };
  for (const [name, section] of Object.entries(over)) {
    if (section === undefined) continue;
    const below = merged[name];
    merged[name] = isRecord(section) ? laid(isRecord(below) ? below : {}, section) : section;
  }
  return merged;
}

function laid(under: Settings, over: Settings): Settings {
  const set = Object.entries(over).filter(([, value]) => value !== undefined);
  return { ...under, ...Object.fromEntries(set) };
}
