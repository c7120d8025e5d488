/** The root of this package: this file is two folders below it, and the build keeps it in `dist/chunks`. */
export const PACKAGE: URL = new URL("../../", import.meta.url);

/** In the repository the modules are TypeScript, where the package is installed they are built. */
const [FOLDER, EXTENSION] = import.meta.url.endsWith(".ts") ? ["src", ".ts"] : ["dist", ".js"];

/** A file that siterag brings, by its path below `src`. */
export const ownFile = (path: string): URL => new URL(`${FOLDER}/${path}`, PACKAGE);

/** A module of siterag that others load by its address, by its path below `src` without extension. */
export const ownModule = (path: string): URL => ownFile(`${path}${EXTENSION}`);
