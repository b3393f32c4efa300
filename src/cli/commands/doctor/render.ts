import { wrap } from "../../output/wrap.ts";
import type { CheckResult } from "./check.ts";

export interface Examination {
  readonly region: string;
  readonly local: boolean;
  /** undefined: there is no project in the folder. */
  readonly stackName: string | undefined;
  readonly checks: readonly CheckResult[];
}

/** Where the sentence begins: behind status and name. */
const margin = 25;
const statusWidth = 9;

export function renderExamination({ checks, stackName }: Examination): string {
  const counts = (["ok", "warning", "failure", "skipped"] as const)
    .map((status) => [checks.filter((each) => each.status === status).length, status] as const)
    .filter(([number]) => number > 0)
    .map(([number, status]) => `${number} ${status}`);
  const without =
    stackName === undefined ? ["No project here: the account alone was checked."] : [];
  return [...checks.map(render), "", ...without, counts.join(" · ")].join("\n");
}

function render({ status, check, evidence, mend }: CheckResult): string {
  const [first = "", ...others] = evidence.split("\n");
  const seen = [
    status.padEnd(statusWidth) + check.padEnd(margin - statusWidth) + first,
    ...others.map((line) => " ".repeat(margin) + line),
  ].map((line) => wrap(line, margin));
  // Commands are for copying, and stay whole.
  const mends = (mend ?? "").split("\n").filter((line) => line !== "");
  return [...seen, ...mends.map((line) => whole(`${" ".repeat(statusWidth)}→ ${line}`))].join("\n");
}

function whole(line: string): string {
  return /\b(?:aws|lmi|npm|cdk) [a-z-]/.test(line) ? line : wrap(line, statusWidth + 2);
}
