import type { Answers } from "./generators/generator.ts";

/** What is asked about a setting, or about the site as a whole. */
export interface Question {
  /** `content.baseUrl`, or `content`. */
  readonly setting: string;
  readonly question: string;
}

/** What a configuration is written from. */
export interface ConfigParts {
  /** Which site was found, and where. */
  readonly origin: string;
  readonly answers: Answers;
  readonly questions: readonly string[];
  readonly provider: string;
  /** Where all settings are described. */
  readonly reference: string;
}

/** Every question, those about the whole site first. */
export const allQuestions = ({
  answers,
  questions,
}: Pick<ConfigParts, "answers" | "questions">) => [
  ...questions.map((question): Question => ({ setting: "content", question })),
  ...Object.entries(answers).flatMap(([key, { doubt, value }]): Question[] =>
    doubt === undefined
      ? []
      : [{ setting: `content.${key}`, question: `${doubt} Is ${literal(value)} right?` }],
  ),
];

/** The values of all settings, whether certain or assumed. */
export const valuesOf = (answers: Answers): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(answers).map(([key, { value }]) => [key, value]));

/** The text of a configuration: what was found, each question above its setting. */
export function configText(parts: ConfigParts): string {
  const questions = allQuestions(parts);
  const above = (setting: string, indent: string): readonly string[] =>
    questions
      .filter((question) => question.setting === setting)
      .map(({ question }) => `${indent}// Question: ${question}`);
  const settings = Object.entries(valuesOf(parts.answers)).flatMap(([key, value]) => [
    ...above(`content.${key}`, "    "),
    `    ${key}: ${literal(value)},`,
  ]);
  return [
    'import { defineConfig } from "siterag";',
    "",
    `// ${parts.origin}`,
    `// All settings: ${parts.reference}`,
    "export default defineConfig({",
    ...above("content", "  "),
    "  content: {",
    ...settings,
    "  },",
    ...(parts.provider === "gemini" ? [] : [`  embedding: { provider: "${parts.provider}" },`]),
    "});",
    "",
  ].join("\n");
}

/** JSON on one line, with the spaces that formatters put into a list or an object. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, inner]) => `${JSON.stringify(key)}: ${literal(inner)}`,
  );
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
