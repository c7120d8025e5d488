import { expect, test } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { search } from "../../src/searching/search.ts";
import { docsSite } from "../support/docs-site.ts";

/** Questions by words and names that must lead to one section, by words alone and with mock vectors. */

const garden = (number: number): string =>
  `---\ntitle: Page ${number} about gardens\n---\n\n## Watering number ${number}\n\nPlants drink in the morning of day ${number}. Behaviour of roses differs and requests of bees are many.\n`;

const GARDENS = Object.fromEntries([1, 2, 3, 4, 5].map((at) => [`g${at}.md`, garden(at)]));

const client = (text: string): string =>
  `This client talks to the service over a socket, keeps one connection open, tries three times, and then gives up with an error that the caller has to handle.\n\n${text}\n`;

const CONTRACTIONS = {
  "install.md":
    "# Install\n\n## Install command\n\nRun pnpm add tidepool to install the command.\n",
  "new.md":
    "# What's new\n\n## What's new in spring\n\nHere's what's changed: what you see is what you get. It's what it's. Where's the catch? There isn't one, that's all; who's asking?\n",
  "storage.md":
    "# Storage\n\n## Where files live\n\nFiles are in the bucket named after the team.\n",
};

const NAMES = {
  ...GARDENS,
  "camel.md":
    "---\ntitle: Interfaces of characters\n---\n\n## IWalkBehavior\n\nLets somebody stroll through a room. See also YouCompleteMe and getUserProfile.\n\n## maxParallelRequests\n\nHow many go at once.\n",
  "cpp.md": `---\ntitle: Clients\n---\n\n## C++ client\n\n${client("Header only. Needs a compiler of 2020.")}\n## C# client\n\n${client("From NuGet.")}\n## C client\n\n${client("Needs make.")}\n## .NET notes\n\nLong paths.\n\n## R client\n\n${client("From CRAN.")}`,
  "ids.md":
    "---\ntitle: Decisions\n---\n\n## Storage choice\n\nRecord DEC-0054 says that files live in a bucket. Ticket PIO-1384 covers cloud-init provisioning.\n\n## Packages\n\nInstall @acme/table-kit from the registry, then open src/widgets/grid.ts.\n\n## Release 2026.4.10\n\nVersion v1.2.3 of the agent fixes the leak. Version 1.2.30 does not.\n",
  "ops.md":
    "---\ntitle: Operators\n---\n\n## Pipe a pair: `||>`\n\nHands two values to a function.\n\n## Null coalescing: `??`\n\nGives the right side when the left is missing.\n",
};

const LANGUAGES = {
  ...GARDENS,
  "ko.md":
    "---\ntitle: 데이터베이스 안내\nlang: ko\n---\n\n## 연결 풀\n\n데이터베이스를 열기 전에 연결을 확인하십시오. 서버에서 오류가 발생합니다.\n",
  "de.md":
    "---\ntitle: Anleitung\nlang: de\n---\n\n## Datenbankverbindung\n\nDie Größe des Verbindungspools steht in den Einstellungen. Straße.\n",
  "ar.md": "---\ntitle: دليل\nlang: ar\n---\n\n## إعداد\n\nيجب تشغيل الخادم أولا.\n",
};

const CASES = [
  ["contractions", CONTRACTIONS, "where's the bucket", "/storage/#where-files-live"],
  ["contractions", CONTRACTIONS, "where’s the bucket", "/storage/#where-files-live"],
  ["contractions", CONTRACTIONS, "where is the bucket", "/storage/#where-files-live"],
  ["parts of names", NAMES, "WalkBehavior", "/camel/#iwalkbehavior"],
  ["parts of names", NAMES, "you complete me", "/camel/#iwalkbehavior"],
  ["parts of names", NAMES, "parallel requests", "/camel/#maxparallelrequests"],
  ["signs", NAMES, "C#", "/cpp/#c-client-1"],
  ["signs", NAMES, "C++", "/cpp/#c-client"],
  ["signs", NAMES, "C++ client", "/cpp/#c-client"],
  ["signs", NAMES, "C# client", "/cpp/#c-client-1"],
  ["signs", NAMES, "||>", "/ops/#pipe-a-pair-"],
  ["signs", NAMES, "??", "/ops/#null-coalescing-"],
  ["versions", NAMES, "1.2.3", "/ids/#release-2026410"],
  ["versions", NAMES, "v1.2.3", "/ids/#release-2026410"],
  ["versions", NAMES, "DEC-0054", "/ids/#storage-choice"],
  ["versions", NAMES, "@acme/table-kit", "/ids/#packages"],
  ["particles", LANGUAGES, "서버", "/ko/#연결-풀"],
  ["particles", LANGUAGES, "데이터베이스", "/ko/"],
  ["compounds", LANGUAGES, "Verbindung", "/de/#datenbankverbindung"],
] as const;

const SITES = [CONTRACTIONS, NAMES, LANGUAGES];

test.each(SITES)("questions by words and names lead to their section (site %#)", async (site) => {
  const { config } = await docsSite(site);
  await indexSite({ config });
  const wrong: string[] = [];
  for (const [kind, pages, query, url] of CASES) {
    if (pages !== site) continue;
    for (const mode of ["text", "hybrid"] as const) {
      const { hits } = await search({ config, query, mode });
      if (hits[0]?.url.startsWith(url) !== true)
        wrong.push(`${kind}, ${mode}: ${query}: ${hits[0]?.url}`);
    }
  }
  expect(wrong).toEqual([]);
});
