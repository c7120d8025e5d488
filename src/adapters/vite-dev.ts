import { MODULE_ID } from "./results-module.ts";
import { filesOf, folderBelow, type Handler } from "./serve-files.ts";
import type { DevSite } from "./site-dev.ts";

/** The part of a Vite plugin that siterag uses in a dev server. */
export interface DevServerPlugin {
  readonly name: string;
  readonly apply: "serve";
  readonly configureServer: (server: DevServer) => void;
}

/** The part of Vite's dev server that siterag uses, from version 5 on. */
export interface DevServer {
  readonly middlewares: { use(handler: Handler): unknown };
  readonly watcher: {
    add(path: string): unknown;
    on(event: "all", listener: (event: string, path: string) => void): unknown;
  };
  /** Null: a server of another program uses Vite, and ends with its process. */
  readonly httpServer: { once(event: "close", listener: () => void): unknown } | null;
  readonly ws: { send(payload: { readonly type: "full-reload" }): void };
  readonly moduleGraph: ModuleGraph;
  /** Since version 6, each has a graph of its own. */
  readonly environments?: Readonly<Record<string, { readonly moduleGraph: ModuleGraph }>>;
}

interface ModuleGraph {
  getModuleById(id: string): object | undefined;
  invalidateModule(module: object): void;
}

/**
 * A Vite plugin that serves the readers' index of a site being edited below `<base>siterag/`, reads the site
 * again when a file changes, reloads the browser when related pages or answers have changed, and closes the site
 * with the server.
 * @param base what the host's URLs start with: `/docs/`
 */
export function devServerPlugin(dev: DevSite, base: string): DevServerPlugin {
  // Vite begins a new server before it closes the one before, with the same plugin.
  let servers = 0;
  const leave = (): void => {
    servers -= 1;
    if (servers === 0) void dev.close();
  };
  return {
    name: "siterag:dev",
    apply: "serve",
    configureServer(server) {
      servers += 1;
      server.httpServer?.once("close", leave);
      server.middlewares.use(filesOf(dev, folderBelow(base)));
      // It may lie outside Vite's root.
      if (dev.folder !== null) server.watcher.add(dev.folder);
      server.watcher.on("all", (_, path) => {
        // A page may include files from anywhere; the store changes after a reading, not before.
        if (!isOfStore(path)) dev.changed();
      });
      let { results } = dev;
      dev.onUpdate(() => {
        if (dev.results !== results && forgetResults(server)) {
          server.ws.send({ type: "full-reload" });
        }
        ({ results } = dev);
      });
    },
  };
}

/** Makes Vite load the results anew; false if no page has loaded them yet. */
function forgetResults({ environments, moduleGraph }: DevServer): boolean {
  const graphs =
    environments === undefined
      ? [moduleGraph]
      : Object.values(environments).map((environment) => environment.moduleGraph);
  const loaded = graphs.flatMap((graph) => {
    const module = graph.getModuleById(MODULE_ID);
    return module === undefined ? [] : [{ graph, module }];
  });
  for (const { graph, module } of loaded) graph.invalidateModule(module);
  return loaded.length > 0;
}

/** Whether a path is in a store: servers write paths of Windows with slashes of both kinds. */
export const isOfStore = (path: string): boolean => path.split(/[\\/]/u).includes(".siterag");
