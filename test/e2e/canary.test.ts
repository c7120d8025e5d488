import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { SiteragConfig } from "../../src/config/schema.ts";
import { recordProcess } from "../support/record-process.ts";
import { faultsOf } from "../support/cli-contract.ts";
import { startEmulator } from "../support/emulator/emulator.ts";
import { makeEmulatedHome } from "../support/index-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { tracesInStore } from "../support/traces-in-store.ts";

/** Words that no reader sees begin so; where a number follows, the test says which one was found. */
const CANARY = /quokka\d+/gu;
const SHOWN = "wombat";

/** What readers of either kind of page do not see. */
const HIDDEN_HTML = [
  "<!-- quokka1 -->",
  "<div hidden>quokka2 <div>quokka3</div> quokka4</div>",
  '<p aria-hidden="true">quokka5</p>',
  '<p>Before <span class="sr-only">quokka6</span> after.</p>',
  "<div data-pagefind-ignore><p>quokka7</p></div>",
  "<template><p>quokka8</p></template>",
  '<div style="display:none">quokka9</div>',
  "<script>const quokka10 = 1;</script>",
].join("\n\n");

const SOURCES = {
  "shown.md": [
    "---\ntitle: Shown\nowner: quokka11\n---\n",
    `The ${SHOWN} stands here.`,
    "{# quokka12 #}",
    "{% comment %}\nquokka13\n\nquokka14\n{% endcomment %}",
    "Inline {{/* quokka15 */}} comment, and {% comment %}quokka16{% endcomment %} another.",
    HIDDEN_HTML,
    "<div hidden>\n\n## Heading quokka17\n\nText *quokka18*.\n\n</div>",
  ].join("\n\n"),
  "component.mdx": `# ${SHOWN}s\n\n{/* quokka19 */}\n\n<div hidden>\n\nText quokka20.\n\n</div>\n\nA <b aria-hidden="true">quokka21</b> word.\n`,
  "draft.md": "---\ndraft: true\n---\n\n# Draft\n\nThe quokka22 stands here.\n",
};

const page = (head: string, body: string): string =>
  `<!doctype html><html lang="en"><head><title>Page</title>${head}</head><body><nav>quokka31</nav><main>${body}</main></body></html>`;

const SITE = {
  "index.html": page("", `<h1>Shown</h1><p>The ${SHOWN} stands here.</p>${HIDDEN_HTML}`),
  "hidden/index.html": page('<meta name="robots" content="noindex">', "<p>quokka32</p>"),
  "moved/index.html": page('<meta http-equiv="refresh" content="0;url=/">', "<p>quokka33</p>"),
  "404.html": page("", "<h1>Not found</h1><p>quokka34</p>"),
};

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const canariesIn = (text: string): string[] => [...new Set(text.match(CANARY))];

test.each([
  ["source", { root: "docs" }, "docs", SOURCES],
  ["html", { from: "html", site: "site" }, "site", SITE],
] as const)(
  "what no reader sees is in no call and in no file that a run over the %s writes",
  async (_from, content: NonNullable<SiteragConfig["content"]>, input, files) => {
    const answer = ({ prompt }: { readonly prompt: string }): string => `It is about ${prompt}`;
    await using emulator = await startedEmulator(answer);
    const home = await makeEmulatedHome(
      join(await temporaryFolder(), "home"),
      { content, generation: { model: "gemini-3.8-flash", enrich: "context" } },
      emulator,
    );
    await write(join(home.folder, input), files);
    const argv = ["index", "--json", "--batching-strategy", "individual"];
    const recorded = await recordProcess(argv, { cwd: home.folder, env: home.environment });
    expect(faultsOf(argv, recorded, { exits: [0] }), recorded.stderr).toEqual([]);
    const publishing = ["publish", "--out", "published", "--json"];
    const published = await recordProcess(publishing, { cwd: home.folder, env: home.environment });
    expect(faultsOf(publishing, published, { exits: [0] }), published.stderr).toEqual([]);
    const sent = JSON.stringify(emulator.requests.map(({ body }) => body));
    expect(sent).toContain(SHOWN);
    expect(canariesIn(sent + recorded.stdout + recorded.stderr)).toEqual([]);
    const words = canariesIn(JSON.stringify(files));
    expect(words.length).toBeGreaterThan(10);
    expect(await tracesInStore(join(home.folder, "db"), words)).toEqual([]);
    expect(await tracesInStore(join(home.folder, "db"), [SHOWN])).not.toEqual([]);
    const written = (await readdir(home.folder, { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile() && !entry.parentPath.startsWith(join(home.folder, input)),
    );
    expect(written.length).toBeGreaterThan(10);
    for (const { name, parentPath } of written) {
      expect(canariesIn(await readFile(join(parentPath, name), "latin1")), name).toEqual([]);
    }
  },
);

async function startedEmulator(answer: (question: { readonly prompt: string }) => string) {
  const emulator = await startEmulator({ latencyMs: 5, answer });
  return Object.assign(emulator, { [Symbol.asyncDispose]: () => emulator.close() });
}
