import { type Answer, assumed, known } from "../answer.ts";
import type { Project } from "../project.ts";

/** The base of a site whose configuration gives no address. */
export const baseByDefault = ({ has }: Project): Answer<string> =>
  [".readthedocs.yaml", ".readthedocs.yml"].some(has) ? ON_READ_THE_DOCS : known("/");

const ON_READ_THE_DOCS = assumed(
  "/en/latest/",
  "Read the Docs publishes a site below its language and version.",
);
