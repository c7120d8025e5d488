/** The part of a Vite plugin that a module without a file needs. */
export interface ModulePlugin {
  readonly name: string;
  readonly resolveId: (id: string) => string | undefined;
  readonly load: (id: string) => string | undefined;
}

/** A Vite plugin with a module that pages import by `name`; `source` returns its text. */
export function virtualModule(name: string, source: () => string): ModulePlugin {
  const id = `\0${name}`;
  return {
    name: name.replace("virtual:", ""),
    resolveId: (wanted) => (wanted === name ? id : undefined),
    load: (wanted) => (wanted === id ? source() : undefined),
  };
}
