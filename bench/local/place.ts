import { fileURLToPath } from "node:url";

/** Where the real runtime is installed. */
export const DIRECTORY: string = fileURLToPath(new URL("../../test/e2e/local", import.meta.url));

export const MODEL = "minilm";
