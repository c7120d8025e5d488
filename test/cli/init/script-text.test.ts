import fc from "fast-check";
import { expect, test } from "vitest";
import { listOf, readScript } from "../../../src/cli/init/script-text.ts";

/** What a script says about `base`: its text, `null` if nothing, `?` if only running it would tell. */
function base(source: string): string | null {
  const written = readScript("x.config.ts", source).at("base");
  if (written.kind === "absent") return null;
  return written.kind === "text" ? written.text : "?";
}

test.each([
  ['export default { base: "/a" }', "/a"],
  ["export default { 'base': '/a', }", "/a"],
  ["export default defineConfig({ title: `x`, base: `/a` })", "/a"],
  ["module.exports = async () => {\n  await start()\n  return { base: '/a' }\n}", "/a"],
  ["export default () => {\n  if (x) { y() }\n  return { base: '/a' }\n}", "/a"],
  ["const config: Config = { base: '/a' as const };\nexport default config;", "/a"],
  ["const config = { base: '/a' } satisfies Config;\nexport default config;", "/a"],
  ["const base = '/a'\nexport default { base }", "/a"],
  ["const root: string = '/a';\nexport default { base: root }", "/a"],
  ["export default { a: [/[{\"']/u, '}'], base: '/a' }", "/a"],
  ["export default { head: [['script', {}, `if (a) { b }`]], base: '/a' }", "/a"],
  ["export default { a() { return { x: 1 } }, async b() {}, base: '/a' }", "/a"],
  ["export default { a: b ? c : d, base: '/a' }", "/a"],
  ["// base: '/no'\n/* base: '/no' */ export default { url: 'https://x//', base: '/a' }", "/a"],
  ["export default { vite: { base: '/no' } }", null],
  ["export default { integrations: [sitemap({ base: '/no' })] }", null],
  ["import { base } from './x'; export default { title: 'X' }", null],
  ["const { base } = process.env; export default { title: 'X' }", null],
  ["export default {}", null],
  ["const links = { base: '/no' };\nexport default { title: 'X' }", null],
  ["const links = { base: '/no' }\nexport default { base: '/a', links }", "/a"],
  ["const a = { base: '/a' }\nexport default mergeConfig(a, b)", "/a"],
  ["export default defineConfig(() => {\n const c = { base: '/a' }\n return c\n})", "/a"],
  ["const shared = { base: '/a' }\nexport default { ...shared }", "?"],
  ["export default (config) => { config.set('x'); }", null],
  ["", null],
  ["export default { title: 'X' ", "?"],
  ["export default { title: ['X' }", "?"],
  ["export default { base: '/a' } }", "?"],
  ["export default { base: '/a' + b }", "?"],
  ["export default { base: `/${a}/` }", "?"],
  ["export default { base: process.env.BASE }", "?"],
  ["import { base } from './x'; export default { base }", "?"],
  ["let base = '/a'; export default { base }", "?"],
  ["const base = '/a' + b\nexport default { base }", "?"],
  ["const base = '/a'; function f() { const base = '/b'; }\nexport default { base }", "?"],
  ["export default { ...shared }", "?"],
  ["export default isLive ? { base: '/a' } : { base: '/b' }", "?"],
  ["export { default } from './x'", "?"],
  ["import config from './x'; export default config", "?"],
  ["import config from './x'; export default defineConfig(config)", "?"],
  ["module.exports = require('./x')", "?"],
  ["const c = { base: '/a' }\nif (x) c.base = '/b'\nexport default c", "?"],
  ["const c = {}\nc.base ??= '/b'\nexport default c", "?"],
  ["export default { base: '/a', f: (x) => x.base === y || x.database == z }", "/a"],
  ["export default { base() { return '/a' } }", "?"],
])("of %j the base is %j", (source, expected) => {
  expect(base(source)).toBe(expected);
});

test.each([
  ["{ docs: { path: 'a' } }", "a"],
  ["{ docs: [{ path: 'a' }] }", "a"],
  ["{ docs: withDefaults({ path: 'a' }) }", "a"],
  ["{ docs: { ...shared } }", "?"],
  ["{ docs: options }", "?"],
  ["{ docs, }", "?"],
  ["{ docs: [['classic', other]] }", "?"],
  ["{ docs: [f(other)] }", "?"],
  ["{ docs: [['classic', other], { x: 1 }] }", null],
  ["{ docs: [f(), 'x', true] }", null],
  ["{ docs: false }", null],
  ["{ docs: { other: 1 } }", null],
  ["{ docs: known }", "k"],
  ["{ docs: other }", null],
  ["{ docs: spread }", "?"],
])("of %s the path inside of docs is %j", (code, expected) => {
  const constants =
    "const known = { path: 'k' }, n = 1;\nexport const other = { x: { path: 'no' } };\nconst spread = { ...x };\n";
  const written = readScript("x.config.js", `${constants}export default ${code}`).at("docs.path");
  const text = written.kind === "text" ? written.text : "?";
  expect(written.kind === "absent" ? null : text).toBe(expected);
});

test("a doubt names the file, the key and the code on one line", () => {
  const written = readScript("x.js", "export default { base:\n  a\u001B +\n\t'b' }").at("base");
  expect(written).toEqual({
    kind: "unclear",
    doubt: "x.js sets base by code that init does not run: `a + 'b'`.",
  });
});

test.each([
  [
    "export default { ...shared }",
    "x.js may set base by code that init does not run: `...shared`.",
  ],
  [
    "const c = {}; if (isLive) { c.base = '/b' }\nexport default c",
    "x.js sets base by code that init does not run: `base = '/b'`.",
  ],
])("the doubt about %j says whether the key is set", (source, doubt) => {
  expect(readScript("x.js", source).at("base")).toEqual({ kind: "unclear", doubt });
});

test("a doubt shows no more than the beginning of long code", () => {
  const written = readScript("x.js", `export default { base: f("${"x".repeat(100)}") }`).at("base");
  expect(written).toMatchObject({ doubt: expect.stringMatching(/`f\("x{57}…`\.$/u) });
});

test.each([
  ["[]", []],
  ["['a', \"b\",]", ["a", "b"]],
  ["['a', ...b]", null],
  ["['a' + b]", null],
  ["a", null],
])("the texts of the list %s are %j", (code, expected) => {
  expect(listOf(code)).toEqual(expected);
});

test("no script is too odd to be read", () => {
  const piece = fc.constantFrom(
    ...Array.from("{}[]():,;.=`'\"/*\\\n"),
    "...",
    "${",
    "base",
    "const",
    "export default",
    " ",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      expect(() => base(pieces.join(""))).not.toThrow();
    }),
  );
});
