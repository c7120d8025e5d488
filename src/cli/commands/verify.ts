import type { VerifyReport } from "../../verifying/report.ts";
import {
  newCommand,
  parseNumber,
  withSession,
  type AddCommand,
  type Outcome,
  type Session,
} from "../command.ts";
import { showProgress } from "../progress.ts";
import { verifyText } from "../verify-text.ts";

interface VerifyFlags {
  readonly min?: number;
}

/** `siterag verify` */
export const addVerify: AddCommand = (program, context) => {
  newCommand(
    program,
    "verify",
    "Compare the index with the built site; correct addresses that the site proves wrong.",
    "verify --site dist --min 0.995",
  )
    .option("--site <folder>", "folder of the built site (default: content.site)")
    .option(
      "--min <share>",
      "share of URLs, anchors or words below which the command fails",
      parseNumber(0, 1),
    )
    .action(withSession(context, verify));
};

async function verify(session: Session<VerifyFlags>): Promise<Outcome> {
  const { config, flags, isJson, paint, useCases, world } = session;
  const { logger } = showProgress(world, isJson);
  const report = await useCases.verifySite({ config, logger, signal: world.signal });
  const min = flags.min ?? null;
  const passed = min === null ? null : isEnough(report, min);
  return {
    json: { ...report, min, passed },
    text: verifyText(report, { min, passed, paint }),
    exitCode: passed === false ? 1 : 0,
  };
}

const isEnough = ({ figures }: VerifyReport, min: number): boolean =>
  Object.values(figures).every(({ share }) => share >= min);
