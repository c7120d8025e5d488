/** The part of micromatch that siterag uses: it has no types of its own. */
declare module "micromatch" {
  function micromatch(
    paths: readonly string[],
    globs: readonly string[],
    options: { readonly ignore: readonly string[] },
  ): string[];
  export default micromatch;
}
