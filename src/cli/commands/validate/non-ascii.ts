import type { Finding } from "./findings.ts";

/** A character that GetTemplate gives back as a question mark. */
// oxlint-disable-next-line no-control-regex -- All of ASCII, its control characters included.
const nonAscii = /[^\u0000-\u007f]/;

/** Parts of a template whose texts CloudFormation keeps, and does not give back as they were. */
export function nonAsciiFindings(template: Readonly<Record<string, unknown>>): Finding[] {
  const { Resources: resources, ...sections } = template;
  const parts = [
    ...Object.entries(sections),
    ...(typeof resources === "object" && resources !== null ? Object.entries(resources) : []),
  ];
  return parts.filter(([, part]) => nonAscii.test(JSON.stringify(part))).map(([id]) => finding(id));
}

function finding(path: string): Finding {
  return {
    severity: "warning",
    code: "non-ascii-text",
    path,
    message: "has characters beyond ASCII, which CloudFormation gives back as question marks",
    why: "Each deploy sees a difference there, push asks for a deploy, and destroy with --retain or --keep-logs would write the question marks.",
    source:
      "aws-cloudformation/cloudformation-coverage-roadmap, GetTemplate API does not support non-ASCII characters",
    mend: "Write it in ASCII; of an environment variable, keep it in the code or in a parameter store.",
  };
}
