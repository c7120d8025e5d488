import { join } from "node:path";
import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import { configSchema } from "../../src/providers/load-config.ts";
import { record } from "../cli/recording.ts";
import { rowsOf } from "../support/docs-site.ts";
import { startEmulator } from "../support/emulator/emulator.ts";
import { casesOf, firstOf, SEEDS } from "../support/seeds.ts";
import type { SeededCase } from "../support/seeds.ts";
import { folderWith } from "../support/temporary-folder.ts";
import { tracesInStore } from "../support/traces-in-store.ts";

const PAGES = 240;

/** A page, with `WORD` where each page gets a word of its own. */
interface FuzzPage {
  readonly source: string;
  /** Some host keeps it out, or it cannot be read and says in one line that it is a draft. */
  readonly isHidden: boolean;
}

type Block = readonly [opening: string, block: string, closing: string];

interface Fence {
  readonly opening: string;
  readonly closings: readonly string[];
}

const LINES_CLOSE = ["---", "--- ", "----", "--- end", "---\t# end", "+++"];
const TOML_CLOSES = ["+++", "+++ ", "+++ end", "---"];

/** How YAML begins: the first fence line may carry a comment, the name of its language or a key. */
const YAML_FENCES: readonly Fence[] = [
  "---",
  "--- ",
  "---\t",
  "--- # comment",
  "---yaml",
  "--- yaml",
  "---summary: WORD",
].map((opening) => ({ opening, closings: LINES_CLOSE }));
/** Without an end, or with a dash too many: some host reads these too, and then cannot parse them. */
const ODD_FENCES = [
  { opening: "---", closings: [""] },
  { opening: "----", closings: ["---"] },
];
const JSON_FENCES = [{ opening: "---json", closings: LINES_CLOSE.slice(0, 4) }];
const SCRIPT_FENCES = [{ opening: "---js", closings: LINES_CLOSE.slice(0, 4) }];
const TOML_FENCES = [
  { opening: "+++", closings: TOML_CLOSES },
  { opening: "+++ ", closings: TOML_CLOSES },
  { opening: "---toml", closings: LINES_CLOSE.slice(0, 4) },
];

const YAML_MARKS = [
  "draft: true",
  "draft: True",
  '"draft": true',
  "'draft' : true",
  "draft: true # until May",
  'draft: "true"',
  "draft: !!bool true",
  "draft: &now true",
  "? draft\n: true",
  "<<: { draft: true }",
  "unlisted: true",
  "published: false",
  "rag: false",
  "draft: true\nsidebar:\n  draft: false",
  "sidebar:\n  draft: false\ndraft: true",
];
/** What one line of a block says that no parser reads. */
const SCANNED_MARKS = [
  "draft: true",
  '"draft": true',
  "unlisted: true",
  "published: false",
  "rag: false",
  "sidebar:\n  draft: true",
  "a:\n  b:\n    - draft: true",
  "sidebar: { draft: true, order: 1 }",
  "draft: true\nsidebar:\n  draft: false",
  "sidebar:\n  draft: true\ndraft: false",
];
/** No parser of YAML reads a block with one of these lines. */
const BREAKS = [
  "title: a: WORD",
  "tags: [WORD",
  "same: *WORD",
  "\tindented: WORD\n x: y",
  "k: 1\nk: 2",
];
/** A host shows a page with one of these. */
const YAML_SHOWN = [
  "draft: false",
  "sidebar:\n  draft: true",
  "notes: |\n  draft: true",
  "tags: [draft, unlisted]",
  "published: true",
  "rag: true",
];

const pick = <Value>(values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values);

const fenced = (fences: readonly Fence[], blocks: fc.Arbitrary<string>): fc.Arbitrary<Block> =>
  pick(fences).chain(({ opening, closings }) =>
    fc.tuple(fc.constant(opening), blocks, pick(closings)),
  );

const withoutWords = (...[opening, block, closing]: Block): Block => [
  opening.replace("WORD", "x"),
  block.replaceAll("WORD", "x"),
  closing,
];

/** The lines in any order. */
const linesWith = (...parts: readonly (readonly string[])[]): fc.Arbitrary<string> =>
  fc
    .tuple(...parts.map(pick))
    .chain((lines) => fc.shuffledSubarray(lines, { minLength: lines.length }))
    .map((lines) => lines.join("\n"));

const YAML_WORDS = ["description: WORD", '"description": "WORD"', "x:\n  - WORD"];

const HIDDEN_BLOCKS = fc.oneof(
  fenced(ODD_FENCES, linesWith(YAML_WORDS, SCANNED_MARKS)),
  { weight: 4, arbitrary: fenced(YAML_FENCES, linesWith(YAML_WORDS, YAML_MARKS)) },
  { weight: 4, arbitrary: fenced(YAML_FENCES, linesWith(YAML_WORDS, SCANNED_MARKS, BREAKS)) },
  fenced(
    JSON_FENCES,
    pick([
      '{ "title": "WORD", "draft": true }',
      '{\n  "draft": true,\n  "title": "WORD"\n}',
      '{ "rag": false, "a": "WORD" }',
      '{\n  "title": "WORD",\n  "draft": true,\n}',
    ]),
  ),
  fenced(
    SCRIPT_FENCES,
    pick([
      'const title = "WORD";\nconst draft = true;',
      'module.exports = {\n  title: "WORD",\n  draft: true,\n};',
      '{\n  title: "WORD",\n  unlisted: true\n}',
    ]),
  ),
  fenced(
    TOML_FENCES,
    pick([
      'title = "WORD"\ndraft = true',
      'draft = true # until May\n[extra]\na = "WORD"',
      '"draft" = true\ntitle = "WORD"',
      'title = = "WORD"\ndraft = true',
      'title = "WORD\n[extra]\nrag = false',
    ]),
  ),
);

const SHOWN_BLOCKS = fc.oneof(
  { weight: 4, arbitrary: fenced(YAML_FENCES, linesWith(YAML_WORDS, YAML_SHOWN)) },
  // Whether this is frontmatter, nobody can say.
  fenced(YAML_FENCES, linesWith(YAML_WORDS, BREAKS)).map((parts) => withoutWords(...parts)),
  fenced(JSON_FENCES, pick(['{ "a": "WORD" }', '{\n  "draft": false, "a": "WORD"\n}'])),
  fenced(SCRIPT_FENCES, pick(['throw new Error("WORD");', 'const title = "WORD";'])),
  fenced(TOML_FENCES, pick(['a = "WORD"', 'draft = false\na = "WORD"\n[extra]\ndraft = true'])),
);

/** Only white space may stand before the first fence, and a mark of the byte order before that. */
const LEADS = ["", "", "\n", "\n\n", "  \n", "\t\n", "\u00A0\n", " \n\u00A0\n"];
const BODY = "# Heading SHOWN\n\nText SHOWN.\n";

const pageWith = (blocks: fc.Arbitrary<Block>, isHidden: boolean): fc.Arbitrary<FuzzPage> =>
  fc
    .tuple(pick(["", "\uFEFF"]), pick(LEADS), blocks, pick(["\n", "\r\n"]))
    .map(([mark, lead, [opening, block, closing], lineEnd]) => ({
      source: `${mark}${lead}${opening}\n${block}\n${closing}\n\n${BODY}`.replaceAll("\n", lineEnd),
      isHidden,
    }));

/** What no host reads as frontmatter, though it looks a little like it: all of it is text. */
const LOOKALIKES: fc.Arbitrary<FuzzPage> = pick([
  "Text SHOWN.\n\n---\n\ndraft: true\n\n---\n\nMore SHOWN.\n",
  "Text SHOWN.\n\n---\ndraft: true SHOWN\n---\n\nMore.\n",
  "# A\n\n```yaml\n---\ndraft: true\nx: SHOWN\n---\n```\n",
  "    ---\n    draft: true SHOWN\n    ---\n\nMore SHOWN.\n",
  "***\n\ndraft: true SHOWN\n\n***\n",
  "> ---\n> draft: true SHOWN\n> ---\n",
  "- draft: true SHOWN\n\n---\n\nMore.\n",
]).map((source) => ({ source, isHidden: false }));

const PAGE = fc.oneof(
  { weight: 5, arbitrary: pageWith(HIDDEN_BLOCKS, true) },
  { weight: 3, arbitrary: pageWith(SHOWN_BLOCKS, false) },
  { weight: 1, arbitrary: LOOKALIKES },
);

/** The words of a page: of its frontmatter, if it has any, and of its text. */
const wordsOf = ({ number }: SeededCase<FuzzPage>) => ({
  frontmatter: `qfront${number}q`,
  text: `qtext${number}q`,
});

it.each(SEEDS)(
  `hides what any host hides and keeps every other word, in ${PAGES} pages of seed %i`,
  async (seed) => {
    const cases = casesOf(seed, PAGES, PAGE);
    const { calls, output, rows, store } = await indexed(cases);
    const hidden = cases.filter(({ value }) => value.isHidden);
    const words = hidden.flatMap((page) => Object.values(wordsOf(page)));
    const traces = new Set([
      ...words.filter((word) => calls.includes(word) || output.includes(word)),
      ...(await tracesInStore(store, words)).map(({ word }) => word),
    ]);
    const isTraced = (page: SeededCase<FuzzPage>): boolean =>
      Object.values(wordsOf(page)).some((word) => traces.has(word));
    const isLost = (page: SeededCase<FuzzPage>): boolean => !rows.includes(wordsOf(page).text);
    const isSpilt = (page: SeededCase<FuzzPage>): boolean =>
      rows.includes(wordsOf(page).frontmatter);
    const shown = cases.filter(({ value }) => !value.isHidden);
    expect({
      "hidden pages that left a trace": firstOf(hidden.filter(isTraced)),
      "pages whose text is missing": firstOf(shown.filter(isLost)),
      "pages whose frontmatter became text": firstOf(shown.filter(isSpilt)),
    }).toEqual({
      "hidden pages that left a trace": [],
      "pages whose text is missing": [],
      "pages whose frontmatter became text": [],
    });
  },
);

/** Calls, output and texts of two runs over a site of these pages. */
async function indexed(cases: readonly SeededCase<FuzzPage>[]) {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const pages = cases.map((page) => [`docs/${page.number}.md`, sourceOf(page)] as const);
  const settings = {
    embedding: { provider: "gemini", dimensions: 128 },
    batching: { strategy: "individual" },
    limits: { tier: "tier3" },
  };
  const cwd = await folderWith({
    ...Object.fromEntries(pages),
    "siterag.config.json": JSON.stringify(settings),
  });
  const env = { GEMINI_API_KEY: emulator.key, GOOGLE_GEMINI_BASE_URL: emulator.url };
  const first = await record(["index", "--json"], { cwd, env });
  expect(first, first.stderr).toMatchObject({ exitCode: 0 });
  // Read again, now as lines for people.
  const again = await record(["index"], { cwd, env });
  const found = await record(["search", "draft", "--mode", "text", "--limit", "100"], { cwd, env });
  const config = configSchema.parse({ ...settings, store: { uri: join(cwd, ".siterag/db") } });
  const rows = [...(await rowsOf(config)).values()];
  return {
    calls: JSON.stringify(emulator.requests.map(({ body, path }) => [path, body])),
    output: [first, again, found].map(({ stderr, stdout }) => stdout + stderr).join("\n"),
    rows: rows.map(({ text }) => text).join("\n"),
    store: join(cwd, ".siterag"),
  };
}

const sourceOf = (page: SeededCase<FuzzPage>): string =>
  page.value.source
    .replaceAll("WORD", wordsOf(page).frontmatter)
    .replaceAll("SHOWN", wordsOf(page).text);
