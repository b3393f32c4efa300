import { isRecord } from "../../../is-record.ts";
import type { Finding } from "./findings.ts";

/** A character that DescribeStacks gives back as a question mark. */
// oxlint-disable-next-line no-control-regex -- All of ASCII, its control characters included.
const nonAscii = /[^\u0000-\u007f]/;

/** Outputs whose texts CloudFormation does not give back as they were. Templates are written with escapes, and do. */
export function nonAsciiFindings(template: Readonly<Record<string, unknown>>): Finding[] {
  const { Outputs: outputs } = template;
  if (!isRecord(outputs)) return [];
  return Object.entries(outputs)
    .filter(([, output]) => nonAscii.test(JSON.stringify(output)))
    .map(([name]) => finding(`Outputs.${name}`));
}

function finding(path: string): Finding {
  return {
    severity: "warning",
    code: "non-ascii-text",
    path,
    message: "has characters beyond ASCII, which CloudFormation gives back as question marks",
    why: "Whoever reads the output, lmi deploy and lmi status included, gets the question marks.",
    source:
      "aws-cloudformation/cloudformation-coverage-roadmap, issue 814: GetTemplate/DescribeStacks do not properly return utf-8 characters",
    mend: "Write it in ASCII.",
  };
}
