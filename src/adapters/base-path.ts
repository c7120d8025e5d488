/** A base between slashes: `docs` → `/docs/`. */
export const basePath = (base = "/"): string => `/${base}/`.replaceAll(/\/{2,}/gu, "/");
